import { z } from 'zod';
import { type SlotKey, slotKeys } from './slots.js';

/** Imaging modality that the texts of a set speak of. */
export type Modality = 'CT' | 'MR';

/** The six texts of one class. */
export type ConceptTexts = Record<SlotKey, string>;

/**
 * One class: the label value in the mask (1 to 65,535), its name, and its six texts; `ambiguous` are the 1 to 6 vague
 * strings without slots that the ablation of text formats reads in their place (paper: Table 2).
 */
export interface ConceptClass {
  label: number;
  name: string;
  concepts: ConceptTexts;
  ambiguous?: string[] | undefined;
}

/** One message of a request to a language model. */
export interface PromptMessage {
  role: 'system' | 'user';
  content: string;
}

/** How many tokens a request and its reply had, as the provider counts them. */
export interface TokenUsage {
  input: number;
  output: number;
}

/** All that is needed to ask a language model again and to see what it said. */
export interface Generation {
  /** Who was asked: `openai` with the address of the server, or `file`. */
  provider: string;
  /** The model that was asked for; `Provenance.model` is the one that answered. */
  requestedModel: string;
  /** Version of the request's wording. */
  template: string;
  prompt: PromptMessage[];
  /** The reply, word for word. */
  reply: string;
  usage: TokenUsage | null;
}

/** Who wrote the texts: `model` is the id of the language model, or null for texts written by people; `date` is YYYY-MM-DD. */
export interface Provenance {
  author: string;
  model: string | null;
  date: string;
  note: string;
  generation?: Generation | undefined;
}

/** A text that a reviewer did not accept, and why. */
export interface Rejection {
  class: string;
  slot: SlotKey;
  reason: string;
}

/**
 * A person's word that the texts are true: `hash` is that of the texts as they were read (`reviewHash`), so that a
 * text changed afterwards is unsigned again; `date` is YYYY-MM-DD.
 */
export interface Review {
  reviewer: string;
  date: string;
  hash: string;
  rejected: Rejection[];
}

/** Six texts for every class of a dataset in one modality, as stored in versioned JSON. The order of classes is the order of text rows. */
export interface ConceptSet {
  version: 1;
  name: string;
  dataset: string;
  modality: Modality;
  provenance: Provenance;
  review?: Review | undefined;
  classes: ConceptClass[];
}

const text = z.string().max(4000);
const setName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, ".", "_", "-"');

/** Most characters of a language model's reply that a set keeps. */
export const maximumReplyCharacters = 1_000_000;

/** The schema of a class name: what may stand in a prompt, a log and a web page as it is. */
export const className: z.ZodType<string> = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} .,'()/+_-]{0,63}$/u,
    "1 to 64 letters, digits, spaces and . , ' ( ) / + _ -",
  );

const concepts = z.strictObject({
  title: text,
  shape: text,
  location: text,
  appearance: text,
  contour: text,
  texture: text,
});

const conceptClass = z.strictObject({
  label: z.int().min(1).max(65_535),
  name: className,
  concepts,
  ambiguous: z.array(text.min(1)).min(1).max(6).optional(),
});

const modelId = z.string().min(1).max(200);
const tokenCount = z.int().min(0);

const generation = z.strictObject({
  provider: z.string().min(1).max(400),
  requestedModel: modelId,
  template: z.string().min(1).max(40),
  prompt: z
    .array(z.strictObject({ role: z.enum(['system', 'user']), content: z.string().max(200_000) }))
    .max(8),
  reply: z.string().max(maximumReplyCharacters),
  usage: z.strictObject({ input: tokenCount, output: tokenCount }).nullable(),
});

const provenance = z.strictObject({
  author: z.string().min(1).max(400),
  model: modelId.nullable(),
  date: z.iso.date(),
  note: z.string().max(2000),
  generation: generation.optional(),
});

const rejection = z.strictObject({
  class: className,
  slot: z.enum(slotKeys),
  reason: z.string().min(1).max(1000),
});

const review = z.strictObject({
  reviewer: z.string().min(1).max(200),
  date: z.iso.date(),
  hash: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  rejected: z.array(rejection),
});

/** The schema of a stored concept set: strict at every level, so that a misspelt key is an error and not a missing text. */
export const conceptSetSchema: z.ZodType<ConceptSet> = z.strictObject({
  version: z.literal(1),
  name: setName,
  dataset: z.string().min(1).max(200),
  modality: z.enum(['CT', 'MR']),
  provenance,
  review: review.optional(),
  classes: z.array(conceptClass).min(1).max(1000),
});

/** The keys allowed at a place of a concept set, for naming the nearest one when a key is unknown. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const place = path.map((step) => (typeof step === 'number' ? '*' : String(step))).join('.');
  const shapes: Record<string, object> = {
    '': { version: 0, name: 0, dataset: 0, modality: 0, provenance: 0, review: 0, classes: 0 },
    provenance: provenance.shape,
    'provenance.generation': generation.shape,
    review: review.shape,
    'review.rejected.*': rejection.shape,
    'classes.*': conceptClass.shape,
    'classes.*.concepts': concepts.shape,
  };
  return Object.keys(shapes[place] ?? {});
}
