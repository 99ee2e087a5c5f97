import { loadEngine } from '@bipvl/engine';
import {
  channelsLastTensor,
  compare,
  type Fixture,
  fixtureCases,
  fixtureTensor,
  readFixture,
} from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Sides } from '../config.js';
import { importanceMap } from './importance-map.js';
import { type SlidingWindowOptions, slidingWindow } from './sliding-window.js';
import { windowCorners } from './windows.js';

const cases = fixtureCases('preproc').filter((name) => name.startsWith('sliding_window_'));

beforeAll(async () => {
  await loadEngine();
});

interface WindowConfig {
  readonly roi_size: Sides;
  readonly overlap: number | [number, number, number];
  readonly sigma_scale?: number;
  readonly padding_mode?: string;
}

function optionsOf(fixture: Fixture): SlidingWindowOptions {
  const {
    roi_size: patch,
    overlap,
    sigma_scale,
    padding_mode,
  } = fixture.sidecar.config as unknown as WindowConfig;
  return {
    patch,
    overlap,
    ...(sigma_scale === undefined ? {} : { deviation: sigma_scale }),
    padding: padding_mode === 'reflect' ? 'reflect' : 'zeros',
  };
}

/** The predictor of the fixtures: one convolution, with PyTorch's filter [O, I, d, h, w] and zero padding. */
function convolution(fixture: Fixture): (window: tf.Tensor5D) => tf.Tensor5D {
  const filter = tf.transpose(fixtureTensor(fixture, 'param.conv.weight'), [2, 3, 4, 1, 0]) as tf.Tensor5D;
  const bias = fixtureTensor(fixture, 'param.conv.bias');
  return (window) => tf.add(tf.conv3d(window, filter, 1, 'same'), bias);
}

function isClose(actual: ArrayLike<number>, expected: tf.Tensor, fixture: Fixture): void {
  const atol = (fixture.sidecar.tolerances as unknown as { atol: number }).atol;
  const { verdict, message } = compare(actual, expected.dataSync(), { atol });
  expect(verdict, message).toBe('equal');
}

const state = cases.length === 0 ? 'skipped: no fixtures' : `${cases.length} fixtures`;

describe.skipIf(cases.length === 0)(`sliding windows of MONAI (${state})`, () => {
  test.each(cases)('preproc/%s', async (name) => {
    const fixture = readFixture(`preproc/${name}`);
    const image = channelsLastTensor(fixture, 'input.x') as tf.Tensor5D;
    const predict = convolution(fixture);
    for (const blending of ['constant', 'gaussian'] as const) {
      const expected = channelsLastTensor(fixture, `output.${blending}`);
      for (let item = 0; item < image.shape[0]; item++) {
        const [, ...shape] = image.shape;
        const data = tf.gather(image, item).dataSync();
        const volume = { data, shape: shape.slice(0, 3) as Sides, channels: shape[3] as number };
        const { data: logits } = await slidingWindow(volume, predict, { ...optionsOf(fixture), blending });
        isClose(logits, tf.gather(expected, item), fixture);
      }
    }
  });

  test.each(cases)('preproc/%s importance map and windows', (name) => {
    const fixture = readFixture(`preproc/${name}`);
    const options = optionsOf(fixture);
    const map = tf.maximum(fixtureTensor(fixture, 'output.importance_map_gaussian'), 1e-3);
    isClose(importanceMap(options.patch, 'gaussian', options.deviation), map, fixture);
    const { padded_shape: padded, windows_of_padded_volume: windows } = fixture.sidecar;
    const corners = windowCorners(padded as Sides, options);
    if (typeof windows === 'number') expect(corners.length).toBe(windows);
    else
      expect(corners).toEqual(
        (windows as [number, number][][]).map((window) => window.map(([start]) => start)),
      );
  });
});
