export {
  type ChangedText,
  type ConceptSetDifference,
  diffConceptSets,
  isSame,
  type RenamedClass,
} from './diff.js';
export { duplicateMask } from './duplicates.js';
export { ConceptError, type ErrorDetails, type ErrorKind } from './errors.js';
export { type FormattedTexts, formatTexts, type TextFormat, textFormats } from './formatted-texts.js';
export type { SetFrame } from './generation/assemble.js';
export { checkClassNames } from './generation/class-names.js';
export { dollarsFor, type Estimate } from './generation/estimate.js';
export { type GenerationPlan, planGeneration } from './generation/plan.js';
export { type ModelPrice, prices } from './generation/prices.js';
export type { ConceptProvider, ProviderReply, ProviderRequest } from './generation/provider.js';
export { readReply } from './generation/read-reply.js';
export { type ConceptRequest, requestMessages, templateVersion } from './generation/request.js';
export { canonicalJson, conceptSetHash } from './hash.js';
export type { LintFinding, LintRule, Severity } from './lint/finding.js';
export { maximumTokens } from './lint/length-rule.js';
export { type LintOptions, lintConceptSet } from './lint/lint.js';
export { maximumCharacters } from './lint/plain-text-rule.js';
export { mentionsSides, type SideMention } from './lint/sides.js';
export { parseConceptSet } from './parse.js';
export {
  describeReview,
  type ReviewOutcome,
  type ReviewState,
  reviewHash,
  reviewState,
  withReview,
} from './review-state.js';
export {
  type ConceptClass,
  type ConceptSet,
  type ConceptTexts,
  conceptSetSchema,
  type Generation,
  type Modality,
  type PromptMessage,
  type Provenance,
  type Rejection,
  type Review,
  type TokenUsage,
} from './schema.js';
export { loadConceptSet, shippedConceptSets } from './shipped.js';
export { SLOTS, type Slot, type SlotKey } from './slots.js';
export { conceptStrings, type EncoderTexts, encoderTexts, sentenceStrings } from './text-formats.js';
export { blankConceptSet, foreignConceptSet, swapConceptSet } from './variants.js';
