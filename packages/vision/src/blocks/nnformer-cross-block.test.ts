import { loadEngine } from '@bipvl/engine';
import { evaluation, type Linear, layerNorm, RandomStream, type Triple, training } from '@bipvl/nn';
import { gradientError } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from '../backbone-case.test-support.js';
import { NnFormerCrossBlock } from './nnformer-cross-block.js';
import { paddedWindowLayout } from './window-layout.js';

beforeAll(async () => {
  await loadEngine();
});

const [width, heads] = [6, 2];

function build(window: Triple, dropPath = 0): NnFormerCrossBlock {
  const block = new NnFormerCrossBlock({ width, heads, window, mlpRatio: 2, dropPath }, new RandomStream(1));
  for (const [index, variable] of [...block.state().values()].entries())
    variable.assign(tf.add(variable, tf.randomUniform(variable.shape, -0.5, 0.5, 'float32', index + 1)));
  return block;
}

const uniform = (shape: [number, number, number], seed: number): tf.Tensor3D =>
  tf.randomUniform<tf.Rank.R3>(shape, -1, 1, 'float32', seed);

/** Plain attention of all tokens with a bias, by its definition, head after head. */
function byDefinition(block: NnFormerCrossBlock, x: tf.Tensor3D, skip: tf.Tensor3D): tf.Tensor {
  const norm = (layer: NnFormerCrossBlock['mlpNormalisation'], y: tf.Tensor) =>
    layerNorm(y, layer.scale, layer.shift, 1e-5);
  const map = ({ weight, bias }: Linear, y: tf.Tensor) => {
    const rows = tf.matMul(tf.reshape(y, [-1, y.shape.at(-1) as number]), weight as tf.Tensor as tf.Tensor2D);
    return tf.reshape(tf.add(rows, bias as tf.Tensor), [y.shape[0] as number, -1, weight.shape[1] as number]);
  };
  const queries = norm(block.attentionNormalisation, x);
  const [keys, values] = tf.split(map(block.keysAndValues, norm(block.attentionNormalisation, skip)), 2, 2);
  const biases = block.positionBias.forward(x.shape[1]);
  const parts = [queries, keys, values].map((each) => tf.split(each as tf.Tensor3D, heads, 2));
  const attended = Array.from({ length: heads }, (_, head) => {
    const [q, k, v] = parts.map((each) => each[head] as tf.Tensor3D) as [
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
    ];
    const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(width / heads));
    return tf.matMul(tf.softmax(tf.add(scores, tf.gather(biases, head))), v);
  });
  const y = tf.addN([x, skip, map(block.output, tf.concat(attended, 2))]);
  return tf.add(y, block.mlp.forward(norm(block.mlpNormalisation, y)));
}

describe('attention of the features to the skip', () => {
  test.each<[Triple]>([[[2, 3, 2]], [[1, 1, 5]], [[1, 1, 1]]])(
    'with one window of %j for the grid equals plain attention with a bias, values and gradients',
    (sides) => {
      const block = build(sides);
      const layout = paddedWindowLayout(sides, sides, [0, 0, 0]);
      const tokens = sides[0] * sides[1] * sides[2];
      for (const batch of [1, 3]) {
        const inputs = [uniform([batch, tokens, width], 1), uniform([batch, tokens, width], 2)] as const;
        const weights = uniform([batch, tokens, width], 3);
        const ours = (x: tf.Tensor3D, skip: tf.Tensor3D) => block.forward(x, skip, layout, evaluation());
        expectSame(ours(...inputs), byDefinition(block, ...inputs), 2e-5);
        const gradients = [ours, (x: tf.Tensor3D, skip: tf.Tensor3D) => byDefinition(block, x, skip)].map(
          (f) =>
            tf.grads((x, skip) => tf.sum(tf.mul(f(x as tf.Tensor3D, skip as tf.Tensor3D), weights)))([
              ...inputs,
            ]),
        );
        for (const [index, gradient] of (gradients[0] as tf.Tensor[]).entries())
          expectSame(gradient, gradients[1]?.[index] as tf.Tensor, 2e-4);
      }
      block.dispose();
    },
  );

  test('in windows that do not divide the grid: gradients by finite differences', () => {
    const block = build([2, 2, 2]);
    const layout = paddedWindowLayout([1, 3, 3], [2, 2, 2], [0, 0, 0]);
    const f = (x: tf.Tensor, skip: tf.Tensor) =>
      block.forward(x as tf.Tensor3D, skip as tf.Tensor3D, layout, evaluation());
    expect(gradientError(f, [uniform([2, 9, width], 1), uniform([2, 9, width], 2)])).toBeLessThan(5e-3);
    block.dispose();
  });

  test('stochastic depth leaves the sum of features and skip where both branches are dropped', () => {
    const block = build([2, 2, 2], 1 - 1e-6);
    const layout = paddedWindowLayout([2, 2, 2], [2, 2, 2], [0, 0, 0]);
    const [x, skip] = [uniform([2, 8, width], 1), uniform([2, 8, width], 2)];
    expectSame(block.forward(x, skip, layout, training(1, 0)), tf.add(x, skip), 0);
    expect(block.forward(x, skip, layout, evaluation()).dataSync()[0]).not.toBe(
      tf.add(x, skip).dataSync()[0],
    );
    block.dispose();
  });
});
