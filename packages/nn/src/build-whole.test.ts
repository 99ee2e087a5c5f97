import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { BlankStream } from './blank-stream.js';
import { buildWhole } from './build-whole.js';
import { Linear } from './layers/linear.js';

beforeAll(async () => {
  await loadEngine();
});

/** Two layers of 3 x 4 + 4 and 4 x 5 + 5 parameters. */
function twoLayers(stream: BlankStream): Linear[] {
  return [
    new Linear({ inputs: 3, outputs: 4 }, stream.at('first')),
    new Linear({ inputs: 4, outputs: 5 }, stream.at('second')),
  ];
}

describe('a network built from a blank stream', () => {
  test('has its shapes, and no random numbers', () => {
    const [first, second] = buildWhole(() => twoLayers(new BlankStream(41)));
    expect(first?.parameterCount()).toBe(16);
    expect(second?.parameterCount()).toBe(25);
    first?.dispose();
    second?.dispose();
  });

  test('is refused beyond the limit, and leaves nothing of what was built before', () => {
    const kept = tf.variable(tf.zeros([2]));
    const before = tf.memory().numTensors;
    expect(() => buildWhole(() => twoLayers(new BlankStream(40)))).toThrow(
      expect.objectContaining({
        code: 'too-many-parameters',
        message: 'the network has at least 41 parameters, expected at most 40',
      }),
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(kept.isDisposed).toBe(false);
    kept.dispose();
  });

  test('is refused before room is made for a tensor that no machine can hold', () => {
    expect(() => new Linear({ inputs: 2 ** 30, outputs: 2 ** 30 }, new BlankStream(100))).toThrow(
      expect.objectContaining({ code: 'too-many-parameters' }),
    );
  });
});
