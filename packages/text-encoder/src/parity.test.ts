import { loadEngine } from '@bipvl/engine';
import { evaluation, loadState, mapState, RandomStream, unmapState } from '@bipvl/nn';
import {
  compare,
  compareGradient,
  type Fixture,
  fixtureCases,
  fixtureTensor,
  readFixture,
  tensorsUnder,
  toleranceOf,
} from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Bert } from './bert.js';
import { huggingFaceBert } from './checkpoints/hugging-face-bert.js';
import { classTokens } from './pooling.js';

const cases = fixtureCases('networks').filter(
  (name) => readFixture(`networks/${name}`).sidecar.class === 'transformers.BertModel',
);

/** The part of transformers' BertConfig that shapes the encoder. */
interface BertConfig {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly max_position_embeddings: number;
}

const configOf = (fixture: Fixture): BertConfig => fixture.sidecar.config as unknown as BertConfig;

beforeAll(async () => {
  await loadEngine();
});

/** One layer a stage, so that every hidden layer of the fixture can be seen. */
function build(fixture: Fixture): Bert {
  const config = configOf(fixture);
  const layers = config.num_hidden_layers;
  const options = {
    vocabulary: config.vocab_size,
    width: config.hidden_size,
    layers,
    heads: config.num_attention_heads,
    intermediate: config.intermediate_size,
    positions: config.max_position_embeddings,
  };
  const bert = new Bert({ ...options, stages: Array(layers).fill(1) }, new RandomStream(1));
  loadState(bert, mapState(tensorsUnder(fixture, 'param.'), huggingFaceBert, bert.state()));
  return bert;
}

/** Hidden layers, 0 being the embedding, with the names of the fixture; padded rows are defined there, so they are compared too. */
function hiddenLayers(bert: Bert, fixture: Fixture): Map<string, tf.Tensor> {
  const input = (name: string) => fixtureTensor(fixture, `input.${name}`);
  const context = evaluation();
  let state = bert.embed(input('input_ids'), input('attention_mask'), context, input('token_type_ids'));
  const found = new Map([['hidden0', state.tokens]]);
  for (let n = 0; n < bert.stages; n++) {
    state = bert.stage(n, state, context);
    found.set(`hidden${n + 1}`, state.tokens);
  }
  return found.set('last_hidden_state', state.tokens);
}

/**
 * The fixture's scalar also goes through the pooler, tanh(W c + b) of the class token, which our encoder does without: it is
 * computed here from the fixture's own weights, so that the gradients below it match.
 */
class Pooler {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;

  constructor(fixture: Fixture) {
    this.weight = tf.variable(fixtureTensor(fixture, 'param.pooler.dense.weight'));
    this.bias = tf.variable(fixtureTensor(fixture, 'param.pooler.dense.bias'));
  }

  forward(tokens: tf.Tensor): tf.Tensor {
    const classes = classTokens({ tokens, mask: tokens });
    return tf.tanh(
      tf.add(tf.matMul(classes, this.weight as tf.Tensor as tf.Tensor2D, false, true), this.bias),
    );
  }
}

/**
 * PyTorch never trains the row of id 0 (`padding_idx`). The fixture's scalar has padded rows in it, so ours has a gradient there; a loss on
 * tokens under the mask has none in either.
 */
function withoutPadding(gradients: Map<string, tf.Tensor>, name: string): void {
  const table = gradients.get(name) as tf.Tensor2D;
  gradients.set(name, tf.concat([tf.zeros([1, table.shape[1]]), tf.slice(table, [1, 0])]));
}

function differentiate(bert: Bert, fixture: Fixture): { value: number; gradients: Map<string, tf.Tensor> } {
  const pooler = new Pooler(fixture);
  const parameters = bert.parameters();
  const objective = (): tf.Scalar => {
    const outputs = hiddenLayers(bert, fixture);
    outputs.set('pooler_output', pooler.forward(outputs.get('last_hidden_state') as tf.Tensor));
    const terms = [...outputs].map(([name, output]) =>
      tf.sum(tf.mul(output, fixtureTensor(fixture, `cotangent.${name}`))),
    );
    return tf.addN(terms) as tf.Scalar;
  };
  const { value, grads } = tf.variableGrads(objective, [...parameters.values(), pooler.bias]);
  const ours = new Map([...parameters].map(([name, { name: key }]) => [name, grads[key] as tf.Tensor]));
  const gradients = unmapState(ours, huggingFaceBert);
  withoutPadding(gradients, 'embeddings.word_embeddings.weight');
  gradients.set('pooler.dense.bias', grads[pooler.bias.name] as tf.Tensor);
  return { value: value.dataSync()[0] ?? Number.NaN, gradients };
}

if (cases.length === 0) test.skip('networks/* BERT: no fixtures; set BIPVL_FIXTURES', () => undefined);

describe.each(cases)('BERT against transformers.BertModel: %s', (name) => {
  const title = `networks/${name}`;

  test(`${title} every hidden layer`, () => {
    const fixture = readFixture(title);
    const outputs = hiddenLayers(build(fixture), fixture);
    expect(outputs.size).toBe(configOf(fixture).num_hidden_layers + 2);
    for (const [layer, output] of outputs) {
      const key = `output.${layer}`;
      const verdict = compare(
        output.dataSync(),
        fixtureTensor(fixture, key).dataSync(),
        toleranceOf(fixture, key),
      );
      expect(verdict, `${layer}: ${verdict.message}`).toMatchObject({ verdict: 'equal' });
    }
  });

  test(`${title} parameter gradients`, () => {
    const fixture = readFixture(title);
    const { value, gradients } = differentiate(build(fixture), fixture);
    expect(value).toBeCloseTo(Number(fixture.sidecar['sum_output_times_cotangent']), 3);
    const expected = tensorsUnder(fixture, 'grad.param.');
    expect(expected.size).toBeGreaterThan(0);
    for (const [name, gradient] of expected) {
      const actual = gradients.get(name)?.dataSync() ?? [];
      const verdict = compareGradient(
        actual,
        gradient.dataSync(),
        toleranceOf(fixture, `grad.param.${name}`),
      );
      expect(verdict, `${name}: ${verdict.message}`).toMatchObject({ verdict: 'equal' });
    }
  });

  test(`${title} biases of keys have no gradient`, () => {
    const fixture = readFixture(title);
    const { gradients } = differentiate(build(fixture), fixture);
    const names = fixture.sidecar['zero_gradient_params'] as string[];
    expect(names.length).toBe(configOf(fixture).num_hidden_layers);
    for (const name of names) {
      const gradient = gradients.get(name);
      const largest = gradient === undefined ? Number.NaN : Math.max(...tf.abs(gradient).dataSync());
      expect(largest, name).toBeLessThan(1e-4);
    }
  });

  test(`${title} weights go out as they came in, but for the pooler`, () => {
    const fixture = readFixture(title);
    const given = tensorsUnder(fixture, 'param.');
    const published = unmapState(build(fixture).state(), huggingFaceBert);
    const dropped = [...given.keys()].filter((name) => !published.has(name));
    expect(dropped.sort()).toEqual(['pooler.dense.bias', 'pooler.dense.weight']);
    for (const [name, value] of published)
      expect(value.dataSync(), name).toEqual(given.get(name)?.dataSync());
  });
});
