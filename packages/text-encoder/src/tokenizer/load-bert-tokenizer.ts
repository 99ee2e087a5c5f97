import { NetworkError } from '@bipvl/nn';

/** `BertTokenizer` of `@xenova/transformers`, as far as this package uses it. */
export type BertTokenizerClass = new (
  tokenizerJson: object,
  tokenizerConfig: object,
) => {
  /** Cleans, lower-cases and strips accents. */
  readonly normalizer: (text: string) => string;
  /** Splits on white space and around punctuation. */
  readonly pre_tokenizer: (text: string) => string[];
  /** Ids with the class token first and the separator last; never truncates. */
  encode(text: string): number[];
};

interface Tokenizers {
  readonly BertTokenizer: BertTokenizerClass;
}

/**
 * Loads the optional peer `@xenova/transformers` when it is first needed.
 * @throws NetworkError `missing-peer` when it, or what it imports, is not installed or does not load.
 */
export async function loadBertTokenizer(
  load: () => Promise<Tokenizers> = () => import('@xenova/transformers/src/tokenizers.js'),
): Promise<BertTokenizerClass> {
  try {
    return (await load()).BertTokenizer;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new NetworkError(
      'missing-peer',
      `tokenisation needs @xenova/transformers, which does not load (${reason})`,
      {
        kind: 'resource',
        hint: 'run: npm i @xenova/transformers@2.17.2',
        cause,
      },
    );
  }
}
