import { type ConceptSetDifference, diffConceptSets, isSame } from '../diff.js';
import { ConceptError } from '../errors.js';
import { assembleSet, type SetFrame } from '../generation/assemble.js';
import type { Estimate } from '../generation/estimate.js';
import { type GenerationPlan, planGeneration } from '../generation/plan.js';
import type { ConceptProvider, ProviderReply } from '../generation/provider.js';
import { readReply } from '../generation/read-reply.js';
import { templateVersion } from '../generation/request.js';
import { hashOf } from '../hash.js';
import type { LintFinding } from '../lint/finding.js';
import { lintConceptSet } from '../lint/lint.js';
import type { ConceptSet, ConceptTexts } from '../schema.js';
import { isThere } from './is-there.js';
import { readConceptSet } from './read-concept-set.js';
import { ReplyCache } from './reply-cache.js';
import { writeConceptSet } from './write-concept-set.js';

/** What to generate, whom to ask, and where it goes. */
export interface GenerateOptions extends SetFrame {
  readonly provider: ConceptProvider;
  /** Id of the model to ask. */
  readonly model: string;
  /** File to write; nothing is written without. */
  readonly out?: string | undefined;
  /** Folder of replies that were paid for; null looks up and keeps none. */
  readonly cacheFolder: string | null;
  /** Asked before anything is sent; default yes. Not asked where the reply is in the cache or comes from a file. */
  readonly approve?: ((estimate: Estimate) => boolean | Promise<boolean>) | undefined;
  /** Asked before other texts replace those of a file; default no. */
  readonly replace?: ((difference: ConceptSetDifference) => boolean | Promise<boolean>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface GenerateResult {
  readonly set: ConceptSet;
  readonly findings: readonly LintFinding[];
  /** Whether the reply was in the cache. */
  readonly cached: boolean;
}

/**
 * Asks a language model for the six texts of every class, once for the whole set, checks what it says, and writes a concept set that
 * also holds the prompt and the reply. Either the whole set is written or nothing is.
 * @throws ConceptError of the class names, the provider, the reply (`readReply`), the set (`assembleSet`) or its file; `not-approved`,
 * `not-replaced`; or the signal's reason.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const plan = planGeneration(options, options.model, options.provider);
  const assemble = (texts: readonly ConceptTexts[], reply: ProviderReply) =>
    assembleSet(options, texts, options.provider, plan.request, reply);
  // Whatever is wrong with the frame is found before money is spent.
  assemble(options.classes.map(noTexts), { text: '', model: options.model, usage: null });
  const before = await setBefore(options.out);
  const { reply, cached } = await ask(options, plan);
  const set = assemble(readReply(reply.text, options), reply);
  await keep(options, set, before);
  return { set, findings: lintConceptSet(set), cached };
}

const noTexts = (): ConceptTexts => ({
  title: '',
  shape: '',
  location: '',
  appearance: '',
  contour: '',
  texture: '',
});

/** The set that a file holds; a file that holds something else is not replaced, but an error. */
async function setBefore(out: string | undefined): Promise<ConceptSet | undefined> {
  return out !== undefined && (await isThere(out)) ? readConceptSet(out) : undefined;
}

interface Asked {
  readonly reply: ProviderReply;
  readonly cached: boolean;
}

/** A reply is kept only once it has proved to be of use. */
async function ask(options: GenerateOptions, { request, estimate }: GenerationPlan): Promise<Asked> {
  const { provider, approve = () => true, cacheFolder, signal } = options;
  const cache = cacheFolder === null || provider.attempts === 0 ? null : new ReplyCache(cacheFolder);
  const hash = await hashOf({ provider: provider.name, templateVersion, ...request });
  const known = await cache?.find(hash);
  if (known !== undefined) return { reply: known, cached: true };
  if (provider.attempts > 0 && !(await approve(estimate))) throw notApproved();
  const reply = await provider.complete({ ...request, signal });
  signal?.throwIfAborted();
  readReply(reply.text, options);
  await cache?.keep(hash, reply);
  return { reply, cached: false };
}

async function keep(
  { out, replace = () => false }: GenerateOptions,
  set: ConceptSet,
  before: ConceptSet | undefined,
): Promise<void> {
  if (out === undefined) return;
  const difference = before && diffConceptSets(before, set);
  if (difference !== undefined && !isSame(difference) && !(await replace(difference))) throw notReplaced(out);
  await writeConceptSet(out, set);
}

function notApproved(): ConceptError {
  return new ConceptError('not-approved', 'nothing was sent: the cost was not approved', {
    kind: 'usage',
    hint: 'Say yes, or add --yes in a script.',
  });
}

function notReplaced(out: string): ConceptError {
  return new ConceptError('not-replaced', `${out} holds other texts and was left as it is`, {
    kind: 'usage',
    hint: 'Say yes, add --yes in a script, or write to another file; the reply is in the cache.',
  });
}
