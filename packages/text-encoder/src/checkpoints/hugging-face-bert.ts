import type { StateRule, StateTable } from '@bipvl/nn';

/** Linear layers of a block: published name to ours. */
const linears: readonly (readonly [string, string])[] = [
  ['attention.self.query', 'attention.query'],
  ['attention.self.key', 'attention.key'],
  ['attention.self.value', 'attention.value'],
  ['attention.output.dense', 'attention.output'],
  ['intermediate.dense', 'mlp.expand'],
  ['output.dense', 'mlp.contract'],
];

/** Normalisations, whole published name to ours. */
const norms: readonly (readonly [string, string])[] = [
  ['embeddings.LayerNorm', 'norm'],
  ['encoder.layer.{layer}.attention.output.LayerNorm', 'layers.{layer}.attentionNorm'],
  ['encoder.layer.{layer}.output.LayerNorm', 'layers.{layer}.mlpNorm'],
];

const embeddings: readonly (readonly [string, string])[] = [
  ['embeddings.word_embeddings', 'words'],
  ['embeddings.position_embeddings', 'positions'],
  ['embeddings.token_type_embeddings', 'types'],
];

function same(pattern: string, name: string): StateRule {
  return { pattern, name, layout: 'same' };
}

/** Tables converted from the first TensorFlow release call scale and shift gamma and beta. */
function normRules(
  [from, to]: readonly [string, string],
  [scale, shift]: readonly [string, string],
): StateRule[] {
  return [same(`${from}.${scale}`, `${to}.scale`), same(`${from}.${shift}`, `${to}.shift`)];
}

function linearRules([from, to]: readonly [string, string]): StateRule[] {
  const [published, ours] = [`encoder.layer.{layer}.${from}`, `layers.{layer}.${to}`];
  return [
    { pattern: `${published}.weight`, name: `${ours}.weight`, layout: 'transpose' },
    same(`${published}.bias`, `${ours}.bias`),
  ];
}

const rules: readonly StateRule[] = [
  ...embeddings.map(([from, to]) => same(`${from}.weight`, `${to}.weight`)),
  ...norms.flatMap((norm) => normRules(norm, ['weight', 'bias'])),
  ...linears.flatMap(linearRules),
  ...norms.flatMap((norm) => normRules(norm, ['gamma', 'beta'])),
];

/** Position numbers, the pooler and the heads of pre-training, none of which the encoder has. */
const ignored: readonly string[] = [
  'embeddings.position_ids',
  'pooler.dense.{kind}',
  'cls.predictions.{kind}',
  'cls.predictions.{part}.{kind}',
  'cls.predictions.{part}.{layer}.{kind}',
  'cls.seq_relationship.{kind}',
];

/** Names of `transformers.BertModel`, and of the classes around it that put `bert.` in front (Hugging Face transformers). */
export const huggingFaceBert: StateTable = {
  rules: [...rules, ...rules.map((rule) => ({ ...rule, pattern: `bert.${rule.pattern}` }))],
  ignored: [...ignored, ...ignored.map((pattern) => `bert.${pattern}`)],
};

/** Those of a checkpoint's names that the table leaves out, because the encoder has no such part. */
export function leftOutByBert(names: Iterable<string>): string[] {
  return [...names].filter((name) => /^(bert\.)?(pooler|cls|embeddings\.position_ids$)/.test(name));
}
