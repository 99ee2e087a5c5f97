import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { heInitialisation } from './initialisers.js';
import { Convolution } from './layers/convolution.js';
import { TransposedConvolution } from './layers/transposed-convolution.js';
import { RandomStream } from './random-stream.js';

beforeAll(async () => {
  await loadEngine();
});

describe('heInitialisation', () => {
  const options = { inputChannels: 24, outputChannels: 12, kernel: 3, stride: 1 };

  // torch.nn.init.kaiming_normal_(w, a=0.5): standard deviation sqrt(2 / (1 + 0.25) / fan_in). PyTorch's fan-in is shape[1] times the
  // voxels of the filter, which are the input channels of a convolution and the output channels of a transposed one.
  test.each([
    ['a convolution', Convolution, 24 * 27],
    ['a transposed convolution', TransposedConvolution, 12 * 27],
  ])('gives %s normal weights and no bias', (_, Layer, fanIn) => {
    const { weight, bias } = new Layer(
      { ...options, initialisation: heInitialisation(0.5) },
      new RandomStream(1),
    );
    const { mean, variance } = tf.moments(weight);
    const deviation = Math.sqrt(2 / 1.25 / fanIn);
    expect(Math.abs(mean.dataSync()[0] as number)).toBeLessThan(deviation / 20);
    expect(Math.sqrt(variance.dataSync()[0] as number) / deviation).toBeCloseTo(1, 1);
    // A uniform distribution of that deviation ends at 1.73 deviations; a normal one has 0.27 % beyond 3.
    const far = tf
      .mean(tf.cast(tf.greater(tf.abs(weight), 3 * deviation), 'float32'))
      .dataSync()[0] as number;
    expect(far).toBeGreaterThan(1e-3);
    expect(far).toBeLessThan(6e-3);
    expect(new Set(bias?.dataSync())).toEqual(new Set([0]));
  });
});
