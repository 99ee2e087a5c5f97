import { describe, expect, test } from 'vitest';
import { createTokenizer } from './tokenizer.js';
import { parseVocabularyFile, type VocabularyFileConfig } from './vocabulary-file.js';

const special = ['[PAD]', '[unused1]', '[UNK]', '[CLS]', '[SEP]'];

/** Pieces of a text as tokens of the vocabulary. */
async function pieces(
  words: string[],
  text: string,
  config: VocabularyFileConfig = {},
): Promise<(string | undefined)[]> {
  const tokens = [...special, ...words];
  const tokenizer = await createTokenizer(parseVocabularyFile(`${tokens.join('\r\n')}\r\n`, config));
  const { ids } = tokenizer.encode([text], { maxTokens: 64 });
  return (ids[0] ?? []).slice(1, -1).map((id) => tokens[id]);
}

describe('parseVocabularyFile', () => {
  test('has the ids of the lines, whatever the order of the special tokens and the ends of the lines', async () => {
    const { tokenizerJson } = parseVocabularyFile([...special, 'tip'].join('\n'));
    expect(tokenizerJson.model.vocab).toMatchObject({ '[PAD]': 0, '[UNK]': 2, '[SEP]': 4, tip: 5 });
    expect(await pieces(['tip'], 'tip of')).toEqual(['tip', '[UNK]']);
  });

  test('is cased where it holds capitals, unless the configuration decides', async () => {
    expect(await pieces(['tip', 'Tip'], 'Tip')).toEqual(['Tip']);
    expect(await pieces(['tip', 'Tip'], 'Tip', { do_lower_case: true })).toEqual(['tip']);
    expect(await pieces(['tip'], 'Tip')).toEqual(['tip']);
    expect(await pieces(['tip'], 'Tip', { do_lower_case: false })).toEqual(['[UNK]']);
  });

  test('takes accents and Chinese characters as the configuration says', async () => {
    expect(await pieces(['lesion', 'lésion'], 'lésion')).toEqual(['lesion']);
    expect(await pieces(['lesion', 'lésion'], 'lésion', { strip_accents: false })).toEqual(['lésion']);
    expect(await pieces(['肝', '肝心', '心'], '肝心')).toEqual(['肝', '心']);
    expect(await pieces(['肝', '肝心', '心'], '肝心', { tokenize_chinese_chars: false })).toEqual(['肝心']);
  });

  test.each([[['tip']], [[...special, 'tip', 'tip']], [[]]])('%j is refused', (tokens) => {
    expect(() => parseVocabularyFile(tokens.join('\n'))).toThrow(
      expect.objectContaining({ code: 'bad-tokenizer' }),
    );
  });
});
