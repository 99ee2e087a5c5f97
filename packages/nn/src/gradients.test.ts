import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { differentiate, variableGradients } from './gradients.js';
import { parameter } from './module.js';

beforeAll(async () => {
  await loadEngine();
});

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** A small network with what makes gradients meet: a shared weight, a shortcut, two outputs of one operation. */
function network(x: tf.Tensor, a: tf.Variable, b: tf.Variable): tf.Scalar {
  const hidden = tf.relu(tf.matMul(x, a));
  const [left, right] = tf.split(tf.add(hidden, tf.matMul(hidden, b)), 2, 1);
  const joined = tf.concat([tf.mul(left as tf.Tensor, right as tf.Tensor), hidden], 1);
  return tf.add(tf.sum(tf.square(joined)), tf.sum(tf.mul(a, a))) as tf.Scalar;
}

/** Most buffers that `run` holds at once; disposals come right after each peak. */
function peakOf(run: () => void): number {
  const { backend } = tf.engine();
  const dispose = backend.disposeData.bind(backend);
  let peak = 0;
  backend.disposeData = (...given) => {
    peak = Math.max(peak, tf.memory().numDataBuffers - before);
    return dispose(...given);
  };
  const before = tf.memory().numDataBuffers;
  tf.tidy(run);
  backend.disposeData = dispose;
  return peak;
}

describe('variableGradients', () => {
  it('gives what tf.variableGrads gives, and leaves value and gradients alone', () => {
    const [x, a, b] = [random([5, 4], 1), parameter(random([4, 6], 2)), parameter(random([6, 6], 3))];
    const expected = tf.variableGrads(() => network(x, a, b), [a, b]);
    const before = tf.memory().numTensors;
    const { value, gradients } = variableGradients(() => network(x, a, b), new Map([['a', a], ['b', b]])); // biome-ignore format: two pairs
    expect(tf.memory().numTensors - before).toBe(3);
    expect(value.dataSync()).toEqual(expected.value.dataSync());
    expect(gradients.get('a')?.dataSync()).toEqual(expected.grads[a.name]?.dataSync());
    expect(gradients.get('b')?.dataSync()).toEqual(expected.grads[b.name]?.dataSync());
  });

  it('leaves out a variable that the value does not depend on', () => {
    const [a, b] = [parameter(tf.scalar(2)), parameter(tf.scalar(3))];
    const { gradients } = variableGradients(() => tf.square(a as tf.Tensor) as tf.Scalar, new Map([['a', a], ['b', b]])); // biome-ignore format: two pairs
    expect([...gradients.keys()]).toEqual(['a']);
    expect(gradients.get('a')?.dataSync()[0]).toBe(4);
  });

  it('holds about one activation at a time where tf.variableGrads holds them all', () => {
    const [layers, side] = [40, 128];
    const weights = Array.from({ length: layers }, (_, index) =>
      parameter(tf.mul(random([side, side], index), 0.1)),
    );
    const x = random([side, side], 99);
    const objective = () =>
      tf.sum(weights.reduce<tf.Tensor>((y, w) => tf.tidy(() => tf.sigmoid(tf.matMul(y, w))), x)) as tf.Scalar;
    const named = new Map(weights.map((weight, index) => [String(index), weight]));
    const ours = peakOf(() => void variableGradients(objective, named));
    const theirs = peakOf(() => void tf.variableGrads(objective, weights));
    // An activation and, in its place, the gradient of a weight for each layer; tf.variableGrads adds two of features.
    expect(ours).toBeLessThan(layers + 10);
    expect(theirs).toBeGreaterThan(3 * layers);
  });

  it('keeps nothing of an input whose shape is all that its gradient asks for', () => {
    const side = 8;
    const start = parameter(random([side, side], 1));
    const layer = (x: tf.Tensor) =>
      tf.tidy(() => {
        const wider = tf.concat([tf.pad(x, [[1, 0], [0, 0]]), tf.slice(x, [2, 0], [1, side])], 0); // biome-ignore format: two axes
        const sums = tf.add(tf.sub(wider, tf.mean(wider, 0, true)), tf.expandDims(tf.sum(wider, 0), 0));
        return tf.reshape(tf.unstack(tf.stack([sums, sums]))[0] as tf.Tensor, [-1, side]);
      });
    const objective = () => tf.sum(Array.from({ length: 10 }).reduce<tf.Tensor>(layer, start)) as tf.Scalar;
    const expected = tf.variableGrads(objective, [start]);
    let held = Number.POSITIVE_INFINITY;
    const before = tf.memory().numDataBuffers;
    const counted = tf.customGrad((...inputs) => ({
      value: (inputs[0] as tf.Tensor).clone(),
      gradFunc: (dy: tf.Tensor) => {
        held = tf.memory().numDataBuffers - before;
        return dy.clone();
      },
    }));
    const named = new Map([['start', start]]);
    const { gradients } = variableGradients(() => counted(objective()) as tf.Scalar, named);
    expect(gradients.get('start')?.dataSync()).toEqual(expected.grads[start.name]?.dataSync());
    // The value and its gradient, and for each layer the zero that filled up its first row.
    expect(held).toBeLessThan(2 + 10 + 1);
  });
});

describe('differentiate', () => {
  it('weighs the value by dy, and takes inputs that are handed through as they are', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const through = tf.customGrad((...inputs) => ({
      value: (inputs[0] as tf.Tensor).clone(),
      gradFunc: (dy: tf.Tensor) => dy,
    }));
    const dy = tf.tensor1d([5, 6, 7]);
    const { gradients } = differentiate(() => tf.mul(through(x), through(x)), [x], dy);
    expect([...(gradients[0]?.dataSync() ?? [])]).toEqual([10, 24, 42]);
    expect(dy.isDisposed).toBe(false);
  });

  it('runs inside another differentiation', () => {
    const x = tf.scalar(3);
    const cubed = tf.customGrad((...inputs) => {
      const [given, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
      save([given]);
      return {
        value: tf.pow(given, 3),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
          const input = saved[0] as tf.Tensor;
          return differentiate(() => tf.pow(input, 3), [input], dy).gradients[0] as tf.Tensor;
        },
      };
    });
    const before = tf.memory().numTensors;
    const { value, gradients } = differentiate(() => tf.mul(cubed(x), 2), [x]);
    expect([value.dataSync()[0], gradients[0]?.dataSync()[0]]).toEqual([54, 54]);
    tf.dispose([value, gradients[0] as tf.Tensor]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor behind when the objective throws or an operation has no gradient', () => {
    const x = tf.tensor1d([1.5, 2.5]);
    const before = tf.memory().numTensors;
    const fail = () => {
      tf.square(x);
      throw new TypeError('stop');
    };
    expect(() => differentiate(fail, [x])).toThrow('stop');
    expect(() => differentiate(() => tf.einsum('i->', x), [x])).toThrow(
      expect.objectContaining({ code: 'no-gradient', message: expect.stringContaining('Einsum') }),
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(differentiate(() => tf.sum(x), [x]).gradients[0]?.dataSync()).toEqual(Float32Array.of(1, 1));
  });
});
