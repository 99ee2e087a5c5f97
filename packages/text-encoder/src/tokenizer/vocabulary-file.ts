import { specialTokens, wordPieceDefinition } from './bert-tokenizer.js';
import type { TokenizerDefinition } from './definition.js';
import { parseTokenizer } from './parse.js';

/** Keys of `tokenizer_config.json` that a bare vocabulary leaves open. */
export interface VocabularyFileConfig {
  readonly do_lower_case?: unknown;
  readonly strip_accents?: unknown;
  readonly tokenize_chinese_chars?: unknown;
  readonly model_max_length?: unknown;
}

/**
 * A definition from the text of a `vocab.txt`, one token a line, ids from 0. Without `do_lower_case` a vocabulary that holds capital letters
 * is cased: Bio_ClinicalBERT comes without that key, and in lower case its tokens would never be found.
 * @throws NetworkError `bad-tokenizer` for a vocabulary without class, separator, unknown or padding token, or with a token twice.
 */
export function parseVocabularyFile(text: string, config: VocabularyFileConfig = {}): TokenizerDefinition {
  const tokens = text.split('\n').map((line) => line.trimEnd());
  if (tokens.at(-1) === '') tokens.pop();
  const { do_lower_case: lower, strip_accents: strip, model_max_length: longest } = config;
  const definition = wordPieceDefinition(tokens, typeof longest === 'number' ? longest : 512, {
    lowercase: typeof lower === 'boolean' ? lower : !holdsCapitals(tokens),
    stripAccents: typeof strip === 'boolean' ? strip : null,
    splitChinese: config.tokenize_chinese_chars !== false,
  });
  return parseTokenizer(definition);
}

function holdsCapitals(tokens: readonly string[]): boolean {
  const special: readonly string[] = specialTokens;
  return tokens.some((token) => /\p{Lu}/u.test(token) && !special.includes(token));
}
