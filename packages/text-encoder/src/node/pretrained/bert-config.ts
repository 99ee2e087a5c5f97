import { NetworkError } from '@bipvl/nn';

/** What `config.json` of a published BERT says of the network, in our names. */
export interface BertSizes {
  /** Entries of the table of words. */
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly positions: number;
  readonly dropout: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Keys with one value that our encoder has built in; those left out have it in transformers' `BertConfig` too. */
const fixed: Readonly<Record<string, unknown>> = {
  model_type: 'bert',
  hidden_act: 'gelu',
  position_embedding_type: 'absolute',
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  is_decoder: false,
};

/** What is left out of transformers' `BertConfig`. */
const usual: Fields = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 512,
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
};

/**
 * Reads a parsed `config.json` (transformers' `BertConfig`). `source` is what errors call it.
 * @throws NetworkError `unsupported-model` naming the key for what is no BERT, such as a DistilBERT, or one that computes something else.
 */
export function parseBertConfig(value: unknown, source: string): BertSizes {
  if (typeof value !== 'object' || value === null) throw unsupported(source, 'is no object');
  const config: Fields = { ...usual, ...value };
  for (const [key, expected] of Object.entries(fixed)) {
    const found = config[key] ?? expected;
    if (found !== expected)
      throw unsupported(source, `${key} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
  const { hidden_dropout_prob: dropout, attention_probs_dropout_prob: ofAttention } = config;
  if (typeof dropout !== 'number' || !(dropout >= 0 && dropout < 1) || ofAttention !== dropout) {
    throw unsupported(
      source,
      `has dropout ${dropout} and ${ofAttention}, expected one rate for both in [0, 1)`,
    );
  }
  return {
    vocabulary: countOf(config, 'vocab_size', source),
    width: countOf(config, 'hidden_size', source),
    layers: countOf(config, 'num_hidden_layers', source),
    heads: countOf(config, 'num_attention_heads', source),
    intermediate: countOf(config, 'intermediate_size', source),
    positions: countOf(config, 'max_position_embeddings', source),
    dropout,
  };
}

/** Above a million something else is meant, and the memory would be asked for before the weights disagree. */
const mostOfAnything = 1_000_000;

function countOf(config: Fields, key: string, source: string): number {
  const count = config[key];
  if (Number.isInteger(count) && Number(count) >= 1 && Number(count) <= mostOfAnything) return Number(count);
  throw unsupported(
    source,
    `${key} is ${JSON.stringify(count)}, expected a whole number from 1 to ${mostOfAnything}`,
  );
}

function unsupported(source: string, what: string): NetworkError {
  return new NetworkError('unsupported-model', `${source}: ${what}`, {
    kind: 'data',
    hint: 'choose a BERT: emilyalsentzer/Bio_ClinicalBERT, dmis-lab/biobert-v1.1 and PubMedBERT are',
  });
}
