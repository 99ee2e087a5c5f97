export { conceptCacheFolder } from './cache-folder.js';
export { type DiffOptions, diff } from './diff.js';
export { findConceptSet, isConceptFile } from './find-concept-set.js';
export { type GenerateOptions, type GenerateResult, generate } from './generate.js';
export { type LintReport, type LintSetOptions, lint } from './lint.js';
export { type ListedSet, list } from './list.js';
export { fileProvider } from './providers/file-provider.js';
export { type OpenAiProviderOptions, openAiProvider } from './providers/openai-provider.js';
export type { Wait } from './providers/retry.js';
export { readConceptSet } from './read-concept-set.js';
export {
  type ReviewAnswer,
  type ReviewOptions,
  type ReviewQuestion,
  type ReviewResult,
  review,
} from './review.js';
export { writeConceptSet } from './write-concept-set.js';
