import { loadEngine } from '@bipvl/engine';
import {
  type Affine,
  ORIENTATION_CODES,
  orient,
  orientationCode,
  parseRecipe,
  type Volume,
} from '@bipvl/preprocess';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Predictor } from '../segmenter.js';
import { predictVolume } from './predict-volume.js';

beforeAll(async () => {
  await loadEngine();
});

const labels = [
  { id: 7, name: 'bright' },
  { id: 300, name: 'brighter' },
];
const config = { image: { channels: 1, patch: [4, 4, 4] as [number, number, number] }, labels };
const affine: Affine = [1, 0, 0, -10, 0, 2, 0, 5, 0, 0, 3, 7, 0, 0, 0, 1];

/** A network that segments by intensity: background below 1, the labels at 1 and 2. */
const byIntensity: Predictor = {
  predict: (image) =>
    tf.concat(
      [0, 1, 2].map((value) => tf.neg(tf.abs(tf.sub(image, value)))),
      4,
    ) as tf.Tensor5D,
  dispose: () => {},
};

function stripes(shape: [number, number, number]): Volume {
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => (i * 7) % 3);
  return { data, shape, channels: 1, affine };
}

describe('predictVolume', () => {
  test('the mask lies on the scan voxel by voxel in all 48 orientations', async () => {
    const upright = stripes([5, 6, 3]);
    const recipe = parseRecipe({ pad: [8, 0, 0] });
    for (const code of ORIENTATION_CODES) {
      const scan = orient(upright, code);
      const mask = await predictVolume(byIntensity, scan, { recipe, config, overlap: 0 });
      expect(orientationCode(mask.affine)).toBe(code);
      expect(mask.affine).toEqual(scan.affine);
      expect(mask.shape).toEqual(scan.shape);
      expect([...mask.data]).toEqual(Array.from(scan.data, (value) => [0, 7, 300][value]));
    }
  });

  test('the mask has the smallest integer type', async () => {
    const narrow = { ...config, labels: [labels[0], { id: 8, name: 'brighter' }] as typeof labels };
    const recipe = parseRecipe({});
    expect((await predictVolume(byIntensity, stripes([4, 4, 4]), { recipe, config })).data).toBeInstanceOf(
      Uint16Array,
    );
    expect(
      (await predictVolume(byIntensity, stripes([4, 4, 4]), { recipe, config: narrow })).data,
    ).toBeInstanceOf(Uint8Array);
  });

  test('a resampled scan gets its mask back on its own grid', async () => {
    const data = Float32Array.from({ length: 8 * 8 * 8 }, (_, i) => (i < 256 ? 0 : 2));
    const scan: Volume = { data, shape: [8, 8, 8], channels: 1, affine };
    const recipe = parseRecipe({ spacing: [1.5, 1.5, 1.5] });
    const mask = await predictVolume(byIntensity, scan, { recipe, config });
    expect(mask.shape).toEqual([8, 8, 8]);
    expect(mask.affine).toEqual(affine);
    const wrong = Array.from(mask.data).filter((id, i) => id !== (i < 256 ? 0 : 300)).length;
    // Only the layer of voxels where 0 turns into 2 may pass through 1.
    expect(wrong).toBeLessThanOrEqual(64);
    expect(mask.data[0]).toBe(0);
    expect(mask.data[511]).toBe(300);
  });

  test('another number of channels is refused with both counts', async () => {
    const scan = { ...stripes([4, 4, 2]), shape: [4, 4, 1] as const, channels: 2 };
    await expect(predictVolume(byIntensity, scan, { recipe: parseRecipe({}), config })).rejects.toMatchObject(
      {
        code: 'channel-mismatch',
        message: 'the image has 2 channel(s), the segmenter reads 1',
      },
    );
  });
});
