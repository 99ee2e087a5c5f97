export { duplicateMask } from './duplicates.js';
export { ConceptError, type ErrorDetails, type ErrorKind } from './errors.js';
export { canonicalJson, conceptSetHash } from './hash.js';
export type { LintFinding, LintRule, Severity } from './lint/finding.js';
export { maximumTokens } from './lint/length-rule.js';
export { type LintOptions, lintConceptSet } from './lint/lint.js';
export { maximumCharacters } from './lint/plain-text-rule.js';
export { mentionsSides, type SideMention } from './lint/sides.js';
export { parseConceptSet } from './parse.js';
export {
  type ConceptClass,
  type ConceptSet,
  type ConceptTexts,
  conceptSetSchema,
  type Modality,
  type Provenance,
} from './schema.js';
export { loadConceptSet, shippedConceptSets } from './shipped.js';
export { SLOTS, type Slot, type SlotKey } from './slots.js';
export { conceptStrings, type EncoderTexts, encoderTexts, sentenceStrings } from './text-formats.js';
export { blankConceptSet, foreignConceptSet, swapConceptSet } from './variants.js';
