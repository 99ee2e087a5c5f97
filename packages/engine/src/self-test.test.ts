import { beforeAll, expect, test } from 'vitest';
import { loadEngine, type TensorFlow } from './load-engine.js';
import { selfTest } from './self-test.js';

let tf: TensorFlow;

beforeAll(async () => {
  tf = await loadEngine();
});

test('the engine computes conv3d and its gradients', () => {
  const { output, imageGradient, filterGradient } = selfTest(tf);
  for (const error of [output, imageGradient, filterGradient]) {
    expect(error).toBeLessThan(1e-5);
    expect(error).toBeGreaterThan(0);
  }
});

test('an engine that is slightly wrong is caught', () => {
  const wrong: TensorFlow = {
    ...tf,
    conv3d: ((...parameters: Parameters<typeof tf.conv3d>) =>
      tf.mul(tf.conv3d(...parameters), 1.0001)) as typeof tf.conv3d,
  };
  expect(() => selfTest(wrong)).toThrow(
    expect.objectContaining({ code: 'self-test-failed', kind: 'numeric' }),
  );
});

test('it leaves no tensor behind', () => {
  const before = tf.memory().numTensors;
  selfTest(tf);
  expect(tf.memory().numTensors).toBe(before);
});
