import { readFileSync } from 'node:fs';
import { loadEngine } from '@bipvl/engine';
import { loadState, mapState, RandomStream, safetensorsToTensors, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { swinTransformerRules } from '../checkpoints/monai-swin-transformer.js';
import { SwinStage } from './swin-stage.js';

beforeAll(async () => {
  await loadEngine();
});

/** MONAI's numbers of its stage of images, by the script beside them. */
const answers = () =>
  safetensorsToTensors(readFileSync(new URL('./__fixtures__/image-stage.safetensors', import.meta.url)));

function createImageStage(): SwinStage {
  return new SwinStage(
    {
      width: 4,
      heads: 2,
      window: [2, 3],
      mlpRatio: 2,
      qkvBias: true,
      dropout: 0,
      attentionDropout: 0,
      dropPaths: [0, 0],
      merging: 'v2',
      convolution: false,
    },
    new RandomStream(1),
  );
}

/** The answers under a prefix by our names: those of the first stage of a Swin transformer. */
function named(tensors: ReadonlyMap<string, tf.Tensor>, prefix: string): Map<string, tf.Tensor> {
  const theirs = [...tensors].flatMap(([name, tensor]): [string, tf.Tensor][] =>
    name.startsWith(prefix) ? [[`layers1.0.${name.slice(prefix.length)}`, tensor]] : [],
  );
  const ours = mapState(new Map(theirs), { rules: swinTransformerRules('', '') });
  return new Map([...ours].map(([name, tensor]) => [name.replace('stages.0.', ''), tensor]));
}

const channelsLast = (x: tf.Tensor | undefined) => tf.transpose(x as tf.Tensor, [0, 2, 3, 1]) as tf.Tensor4D;

function expectEqual(actual: tf.Tensor | undefined, expected: tf.Tensor | undefined, name: string): void {
  expect(actual?.shape, name).toEqual(expected?.shape);
  const verdict = compare(actual?.dataSync() ?? [], expected?.dataSync() ?? [], { atol: 5e-5 });
  expect(verdict.verdict, `${name}: ${verdict.message}`).toBe('equal');
}

describe('a stage of images', () => {
  test("equals MONAI's: windows at rest and shifted, odd sides, merging; gradients of input and parameters", () => {
    tf.engine().startScope();
    const stage = createImageStage();
    const tensors = answers();
    loadState(stage, named(tensors, 'param.'));
    const x = tf.variable(channelsLast(tensors.get('input')));
    const parameters = stage.parameters();
    let y: tf.Tensor | undefined;
    const { grads } = tf.variableGrads(() => {
      y = tf.keep(stage.forward(x as tf.Tensor as tf.Tensor4D, training(1, 0)));
      return tf.sum(tf.mul(y, channelsLast(tensors.get('cotangent'))));
    }, [x, ...parameters.values()]);
    expectEqual(y, channelsLast(tensors.get('output')), 'output');
    expectEqual(grads[x.name], channelsLast(tensors.get('grad.input')), 'gradient of the input');
    const gradients = named(tensors, 'grad.param.');
    expect([...gradients.keys()].sort()).toEqual([...parameters.keys()].sort());
    for (const [name, gradient] of gradients)
      expectEqual(grads[parameters.get(name)?.name ?? ''], gradient, name);
    tf.dispose([x, ...(y ? [y] : [])]);
    stage.dispose();
    tf.engine().endScope();
  });

  test('refuses a volume', () => {
    const stage = createImageStage();
    const volume = tf.zeros<tf.Rank.R5>([1, 2, 4, 6, 4]);
    expect(() => stage.forward(volume, training(1, 0))).toThrow(
      expect.objectContaining({ code: 'wrong-rank' }),
    );
    tf.dispose(volume);
    stage.dispose();
  });
});
