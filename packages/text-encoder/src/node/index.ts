export { readTokenizer, writeTokenizer } from './tokenizer-folder.js';
