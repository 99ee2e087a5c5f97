/**
 * The part of `@xenova/transformers` 2.17.2 that the tokenizer calls. Its main entry loads sharp and ends the process where that has no binary,
 * so this file inside it is imported instead, for which Node's resolution finds no types.
 */
declare module '@xenova/transformers/src/tokenizers.js' {
  export const BertTokenizer: import('./load-bert-tokenizer.js').BertTokenizerClass;
}
