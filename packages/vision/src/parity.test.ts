import { loadEngine } from '@bipvl/engine';
import { type Context, evaluation, loadState, mapState, RandomStream, training, unmapState } from '@bipvl/nn';
import {
  channelsLastTensor,
  compare,
  compareGradient,
  type Fixture,
  fixtureCases,
  readFixture,
  tensorsUnder,
  toleranceOf,
} from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createUNet, type UNetOptions } from './backbones/unet.js';
import { monaiUNetTable } from './checkpoints/monai-unet.js';
import type { SegmentationNetwork } from './segmentation-network.js';

beforeAll(async () => {
  await loadEngine();
});

/** What MONAI's constructor was given. */
interface UNetConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly channels: readonly number[];
  readonly strides: readonly number[];
  readonly kernel_size?: number;
  readonly num_res_units?: number;
  readonly norm?: string;
  readonly act?: string | readonly [string, { readonly negative_slope?: number }];
  readonly bias?: boolean;
}

const cases = fixtureCases('networks').filter(
  (name) => readFixture(`networks/${name}`).sidecar.class === 'monai.networks.nets.UNet',
);

function optionsOf(fixture: Fixture): UNetOptions & { channels: readonly number[]; residualUnits: number } {
  const config = fixture.sidecar.config as unknown as UNetConfig;
  const { act = 'PRELU', norm = 'INSTANCE' } = config;
  const slope = typeof act === 'string' ? undefined : (act[1].negative_slope ?? 0.01);
  return {
    inputChannels: config.in_channels,
    outputChannels: config.out_channels,
    channels: config.channels,
    strides: config.strides,
    residualUnits: config.num_res_units ?? 0,
    kernel: config.kernel_size ?? 3,
    normalisation: norm.toUpperCase() === 'BATCH' ? 'batch' : 'instance',
    activation: slope === undefined ? 'prelu' : { leakyRelu: slope },
    bias: config.bias ?? true,
  };
}

describe('UNet against MONAI', () => {
  if (cases.length === 0)
    test.skip('networks/* UNet against MONAI: no fixtures; set BIPVL_FIXTURES', () => undefined);

  for (const name of cases) {
    test(`networks/${name} outputs, gradients and running statistics`, () => {
      const fixture = readFixture(`networks/${name}`);
      const options = optionsOf(fixture);
      const context = fixture.sidecar['mode'] === 'train' ? training(0, 0) : evaluation();
      const table = monaiUNetTable(options.channels.length, options.residualUnits);
      const network = createUNet(options, new RandomStream(1));
      const given = tensorsUnder(fixture, 'param.');
      loadState(network, mapState(given, table, network.state()));
      const published = unmapState(network.state(), table);
      for (const [key, value] of given) expect(published.get(key)?.dataSync(), key).toEqual(value.dataSync());

      const { logits, gradients } = differentiate(network, fixture, context);
      const output = channelsLastTensor(fixture, 'output.out');
      expect(compare(logits.dataSync(), output.dataSync(), toleranceOf(fixture, 'output.out'))).toMatchObject(
        { verdict: 'equal' },
      );
      checkGradients(fixture, unmapState(gradients, table));
      checkRunningStatistics(fixture, unmapState(network.state(), table));
    });
  }
});

function differentiate(
  network: SegmentationNetwork,
  fixture: Fixture,
  context: Context,
): { logits: tf.Tensor; gradients: Map<string, tf.Tensor> } {
  const image = tf.variable(channelsLastTensor(fixture, 'input.x'));
  const cotangent = channelsLastTensor(fixture, 'cotangent.out');
  const parameters = network.parameters();
  let logits = tf.scalar(0) as tf.Tensor;
  const objective = (): tf.Scalar => {
    const prediction = network.forward(image, context);
    logits = tf.keep(tf.clone(prediction.logits));
    return tf.sum(tf.mul(prediction.logits, cotangent));
  };
  const { grads } = tf.variableGrads(objective, [image, ...parameters.values()]);
  const toImage = grads[image.name] as tf.Tensor;
  const expected = channelsLastTensor(fixture, 'grad.input.x');
  expect(
    compareGradient(toImage.dataSync(), expected.dataSync(), toleranceOf(fixture, 'grad.input.x')),
  ).toMatchObject({ verdict: 'equal' });
  return {
    logits,
    gradients: new Map([...parameters].map(([name, variable]) => [name, grads[variable.name] as tf.Tensor])),
  };
}

function checkGradients(fixture: Fixture, gradients: ReadonlyMap<string, tf.Tensor>): void {
  const expected = tensorsUnder(fixture, 'grad.param.');
  expect(expected.size).toBeGreaterThan(0);
  for (const [key, value] of expected) {
    const actual = gradients.get(key) as tf.Tensor;
    const verdict = compareGradient(
      actual.dataSync(),
      value.dataSync(),
      toleranceOf(fixture, `grad.param.${key}`),
    );
    expect(verdict, `${key}: ${verdict.message}`).toMatchObject({ verdict: 'equal' });
  }
}

function checkRunningStatistics(fixture: Fixture, state: ReadonlyMap<string, tf.Tensor>): void {
  for (const [key, value] of tensorsUnder(fixture, 'buffer_after.')) {
    const actual = state.get(key) as tf.Tensor;
    expect(
      compare(actual.dataSync(), value.dataSync(), toleranceOf(fixture, `buffer_after.${key}`)),
      key,
    ).toMatchObject({ verdict: 'equal' });
  }
}
