/** WordPiece (Wu et al. 2016): greedy longest match, where a piece that continues a word carries the prefix. */
export interface WordPieceModel {
  readonly type: 'WordPiece';
  readonly unk_token: string;
  readonly continuing_subword_prefix: string;
  readonly max_input_chars_per_word?: number;
  /** Token to id. */
  readonly vocab: Readonly<Record<string, number>>;
}

/** A token that is found in the text before it is split, such as `[CLS]`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special?: boolean;
  readonly [key: string]: unknown;
}

/** What this package reads of Hugging Face's `tokenizer.json`; the other keys are kept as they are. */
export interface TokenizerJson {
  readonly model: WordPieceModel;
  readonly added_tokens: readonly AddedToken[];
  readonly [key: string]: unknown;
}

/** What this package reads of Hugging Face's `tokenizer_config.json`; a token may be written as an object with its `content`. */
export interface TokenizerConfig {
  readonly model_max_length: number;
  readonly pad_token: string | { readonly content: string };
  readonly cls_token?: string | { readonly content: string };
  readonly sep_token?: string | { readonly content: string };
  readonly [key: string]: unknown;
}

/** A BERT tokenizer as plain JSON: the two files of a Hugging Face tokenizer folder. */
export interface TokenizerDefinition {
  readonly tokenizerJson: TokenizerJson;
  readonly tokenizerConfig: TokenizerConfig;
}
