export { Bert, type BertOptions } from './bert.js';
export { type BertPreset, bertPreset } from './bert-preset.js';
export { huggingFaceBert } from './checkpoints/hugging-face-bert.js';
export { type ConceptGroups, groupConcepts } from './concept-groups.js';
export { classTokens, meanTokens, type Pooling, poolTokens } from './pooling.js';
export { type BertSentences, bertSentences, type SentenceEncoder } from './sentence-encoder.js';
export { SentenceTable, type SentenceTableOptions } from './sentence-table.js';
export { divideLayers, type StageDivision, stageBounds } from './stage-division.js';
export type { TensorStore } from './tensor-store.js';
export type { TextEncoder } from './text-encoder.js';
export { bertTokenizer } from './tokenizer/bert-tokenizer.js';
export type {
  AddedToken,
  TokenizerConfig,
  TokenizerDefinition,
  TokenizerJson,
  WordPieceModel,
} from './tokenizer/definition.js';
export { parseTokenizer } from './tokenizer/parse.js';
export {
  createTokenizer,
  type EncodedTexts,
  type Tokenizer,
  type TokenizerOptions,
  type WordPieceTokenizer,
} from './tokenizer/tokenizer.js';
export { buildVocabulary, type VocabularyOptions } from './tokenizer/vocabulary.js';
