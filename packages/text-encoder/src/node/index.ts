export { fetchModel, fetchTokenizer } from './hub/fetch-model.js';
export type { HubOptions } from './hub/hub-options.js';
export type { BertSizes } from './pretrained/bert-config.js';
export { type LoadPretrainedOptions, loadPretrained, type Pretrained } from './pretrained/load-pretrained.js';
export {
  type PretrainedFiles,
  type ReadPretrainedOptions,
  readPretrained,
  readWeights,
} from './pretrained/read-pretrained.js';
export { loadOnnxSentences, type OnnxSentencesOptions } from './sentences/load-onnx-sentences.js';
export { rememberedSentences } from './sentences/remembered-sentences.js';
export { tensorFolder } from './tensor-folder.js';
export { readTokenizer, writeTokenizer } from './tokenizer-folder.js';
