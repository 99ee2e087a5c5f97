import { z } from 'zod';
import type { SlotKey } from './slots.js';

/** Imaging modality that the texts of a set speak of. */
export type Modality = 'CT' | 'MR';

/** The six texts of one class. */
export type ConceptTexts = Record<SlotKey, string>;

/** One class: the label value in the mask (1 to 65,535), its name, and its six texts. */
export interface ConceptClass {
  label: number;
  name: string;
  concepts: ConceptTexts;
}

/** Who wrote the texts: `model` is the id of the language model, or null for texts written by people; `date` is YYYY-MM-DD. */
export interface Provenance {
  author: string;
  model: string | null;
  date: string;
  note: string;
}

/** Six texts for every class of a dataset in one modality, as stored in versioned JSON. The order of classes is the order of text rows. */
export interface ConceptSet {
  version: 1;
  name: string;
  dataset: string;
  modality: Modality;
  provenance: Provenance;
  classes: ConceptClass[];
}

const text = z.string().max(4000);
const setName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, ".", "_", "-"');
const className = z
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

const conceptClass = z.strictObject({ label: z.int().min(1).max(65_535), name: className, concepts });

const provenance = z.strictObject({
  author: z.string().min(1).max(400),
  model: z.string().min(1).max(200).nullable(),
  date: z.iso.date(),
  note: z.string().max(2000),
});

/** The schema of a stored concept set: strict at every level, so that a misspelt key is an error and not a missing text. */
export const conceptSetSchema: z.ZodType<ConceptSet> = z.strictObject({
  version: z.literal(1),
  name: setName,
  dataset: z.string().min(1).max(200),
  modality: z.enum(['CT', 'MR']),
  provenance,
  classes: z.array(conceptClass).min(1).max(1000),
});

/** The keys allowed at a place of a concept set, for naming the nearest one when a key is unknown. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const place = path.map((step) => (typeof step === 'number' ? '*' : String(step))).join('.');
  const shapes: Record<string, object> = {
    '': { version: 0, name: 0, dataset: 0, modality: 0, provenance: 0, classes: 0 },
    provenance: provenance.shape,
    'classes.*': conceptClass.shape,
    'classes.*.concepts': concepts.shape,
  };
  return Object.keys(shapes[place] ?? {});
}
