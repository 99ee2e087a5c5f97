/**
 * The part of `@xenova/transformers` 2.17.2 that this package calls. Its main entry loads sharp and ends the process where that has no binary,
 * so these files inside it are imported instead, for which Node's resolution finds no types.
 */
declare module '@xenova/transformers/src/tokenizers.js' {
  export const BertTokenizer: import('./load-bert-tokenizer.js').BertTokenizerClass;
}

declare module '@xenova/transformers/src/backends/onnx.js' {
  export const ONNX: import('../node/sentences/load-onnx-runtime.js').OnnxRuntime;
}
