import type { AddedToken, TokenizerDefinition } from './definition.js';

/** The tokens every BERT has; their ids are their places. */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/** What BERT's normaliser does to a text before it is split. */
export interface Normalisation {
  readonly lowercase: boolean;
  /** Null strips accents where it also changes to lower case. */
  readonly stripAccents: boolean | null;
  /** Puts spaces around Chinese characters. */
  readonly splitChinese: boolean;
}

/**
 * The Hugging Face form of an uncased BERT tokenizer whose ids are the places of the tokens, special ones first.
 * Python's `tokenizers` and `transformers` read it too.
 */
export function bertTokenizer(tokens: readonly string[], maxTokens: number): TokenizerDefinition {
  const uncased = { lowercase: true, stripAccents: null, splitChinese: true };
  return wordPieceDefinition([...specialTokens, ...tokens], maxTokens, uncased);
}

/** The same from a whole vocabulary with the special tokens somewhere in it, cased or uncased. */
export function wordPieceDefinition(
  vocabulary: readonly string[],
  maxTokens: number,
  { lowercase, stripAccents, splitChinese }: Normalisation,
): TokenizerDefinition {
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const special = specialTokens.filter((token) => ids.has(token));
  return {
    tokenizerJson: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: special.map((token) => addedToken(token, ids.get(token) ?? -1)),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: splitChinese,
        strip_accents: stripAccents,
        lowercase,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: framing(ids.get('[CLS]') ?? -1, ids.get('[SEP]') ?? -1),
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(ids),
      },
    },
    tokenizerConfig: {
      tokenizer_class: 'BertTokenizer',
      do_lower_case: lowercase,
      model_max_length: maxTokens,
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      mask_token: '[MASK]',
    },
  };
}

function addedToken(content: string, id: number): AddedToken {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** `[CLS] text [SEP]`, and for pairs `[CLS] first [SEP] second [SEP]`. */
function framing(classId: number, separatorId: number): object {
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, sequence('B', 1), special('[SEP]', 1)],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [classId], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [separatorId], tokens: ['[SEP]'] },
    },
  };
}
