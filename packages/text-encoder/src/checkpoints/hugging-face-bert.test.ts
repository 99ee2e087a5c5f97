import { loadEngine } from '@bipvl/engine';
import { loadState, mapState, RandomStream, unmapState } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Bert } from '../bert.js';
import { huggingFaceBert } from './hugging-face-bert.js';

const options = { vocabulary: 9, width: 4, layers: 2, heads: 2, positions: 5, stages: [1, 1] };
let source: Bert;
let target: Bert;

beforeAll(async () => {
  await loadEngine();
  source = new Bert(options, new RandomStream(1));
  target = new Bert(options, new RandomStream(2));
});

/** The source's weights under published names, each passed through `rename`. */
function published(rename: (name: string) => string): Map<string, tf.Tensor> {
  return new Map(
    [...unmapState(source.state(), huggingFaceBert)].map(([name, value]) => [rename(name), value]),
  );
}

function load(checkpoint: ReadonlyMap<string, tf.Tensor>): void {
  loadState(target, mapState(checkpoint, huggingFaceBert, target.state()));
}

function expectLoaded(): void {
  for (const [name, value] of source.state()) {
    expect(target.state().get(name)?.dataSync(), name).toEqual(value.dataSync());
  }
}

describe('huggingFaceBert', () => {
  test('names every tensor of the encoder as BertModel does', () => {
    expect([...published((name) => name).keys()].filter((name) => !name.startsWith('encoder.'))).toEqual([
      'embeddings.word_embeddings.weight',
      'embeddings.position_embeddings.weight',
      'embeddings.token_type_embeddings.weight',
      'embeddings.LayerNorm.weight',
      'embeddings.LayerNorm.bias',
    ]);
    expect(published((name) => name).get('encoder.layer.1.intermediate.dense.weight')?.shape).toEqual([
      16, 4,
    ]);
  });

  test('reads a checkpoint of pre-training: prefix, gamma and beta, heads and pooler', () => {
    const checkpoint = published((name) =>
      `bert.${name}`
        .replace('LayerNorm.weight', 'LayerNorm.gamma')
        .replace('LayerNorm.bias', 'LayerNorm.beta'),
    );
    const unused = [
      'bert.embeddings.position_ids',
      'bert.pooler.dense.weight',
      'bert.pooler.dense.bias',
      'cls.predictions.bias',
      'cls.predictions.decoder.weight',
      'cls.predictions.transform.dense.weight',
      'cls.predictions.transform.LayerNorm.gamma',
      'cls.seq_relationship.weight',
    ];
    for (const name of unused) checkpoint.set(name, tf.zeros([1]));
    load(checkpoint);
    expectLoaded();
  });

  test('a missing, an unknown and a misshapen tensor are named; nothing is loaded then', () => {
    const other = new Bert({ ...options, vocabulary: 8 }, new RandomStream(3));
    const checkpoint = unmapState(other.state(), huggingFaceBert);
    checkpoint.delete('encoder.layer.0.output.dense.bias');
    checkpoint.set('distilbert.transformer.layer.0.attention.q_lin.weight', tf.zeros([4, 4]));
    const before = target.state().get('positions.weight')?.dataSync();
    for (const message of [
      'layers.0.mlp.contract.bias is missing (published as encoder.layer.0.output.dense.bias)',
      'no rule for distilbert.transformer.layer.0.attention.q_lin.weight',
      'embeddings.word_embeddings.weight becomes words.weight of shape [8,4], expected [9,4]',
    ]) {
      expect(() => load(checkpoint)).toThrow(message);
    }
    expect(target.state().get('positions.weight')?.dataSync()).toEqual(before);
  });
});
