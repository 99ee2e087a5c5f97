import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '../config.js';
import { importanceMap } from './importance-map.js';
import { windowCorners, type WindowOptions } from './windows.js';

export interface SlidingWindowOptions extends WindowOptions {
  /** 'constant' averages overlapping windows, 'gaussian' trusts their centres more. Default 'constant'. */
  readonly blending?: 'constant' | 'gaussian';
  /** Called after each window; awaited, so that it may yield to the event loop. */
  readonly onWindow?: (done: number, total: number) => void | Promise<void>;
}

/** An image in memory: C-order [D, H, W, C]. */
export interface ImageArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly [number, number, number];
  readonly channels: number;
}

/**
 * Logits of a whole volume from windows of patch size: C-order [D, H, W, K] float32. Sides shorter than the patch are padded with zeros on
 * both sides, the extra voxel at the end, and cropped again (MONAI's sliding_window_inference).
 */
export async function slidingWindow(
  image: ImageArray,
  predict: (window: tf.Tensor5D) => tf.Tensor5D,
  options: SlidingWindowOptions,
): Promise<{ data: Float32Array; classes: number }> {
  const { patch } = options;
  const before = image.shape.map((side, axis) => Math.max(0, (patch[axis] as number) - side) >> 1) as Sides;
  const padded = image.shape.map((side, axis) => Math.max(side, patch[axis] as number)) as Sides;
  const corners = windowCorners(padded, options);
  const importance = importanceMap(patch, options.blending ?? 'constant');
  const weights = new Float32Array(image.shape[0] * image.shape[1] * image.shape[2]);
  let sums = new Float32Array(0);
  let classes = 0;
  for (const [index, corner] of corners.entries()) {
    const origin = corner.map((start, axis) => start - (before[axis] as number)) as Sides;
    const logits = predictWindow(image, origin, patch, predict);
    classes = logits.classes;
    if (sums.length === 0) sums = new Float32Array(weights.length * classes);
    accumulate({ sums, weights, classes, shape: image.shape }, logits.data, importance, origin, patch);
    await options.onWindow?.(index + 1, corners.length);
  }
  normalise(sums, weights, classes);
  return { data: sums, classes };
}

function predictWindow(
  image: ImageArray,
  origin: Sides,
  patch: Sides,
  predict: (window: tf.Tensor5D) => tf.Tensor5D,
): { data: Float32Array; classes: number } {
  const window = readWindow(image, origin, patch);
  const logits = tf.tidy(() => predict(tf.tensor5d(window, [1, ...patch, image.channels])));
  const result = { data: logits.dataSync() as Float32Array, classes: logits.shape[4] };
  logits.dispose();
  return result;
}

/** The voxels of a window, zero outside the image. */
function readWindow({ data, shape, channels }: ImageArray, origin: Sides, patch: Sides): Float32Array {
  const window = new Float32Array(patch[0] * patch[1] * patch[2] * channels);
  forEachRow(shape, origin, patch, (inImage, inWindow, length) => {
    for (let i = 0; i < length * channels; i++) window[inWindow * channels + i] = data[inImage * channels + i] as number;
  });
  return window;
}

interface Accumulator {
  readonly sums: Float32Array;
  readonly weights: Float32Array;
  readonly classes: number;
  readonly shape: readonly [number, number, number];
}

function accumulate(target: Accumulator, logits: Float32Array, importance: Float32Array, origin: Sides, patch: Sides): void {
  const { sums, weights, classes } = target;
  forEachRow(target.shape, origin, patch, (inImage, inWindow, length) => {
    for (let i = 0; i < length; i++) {
      const weight = importance[inWindow + i] as number;
      weights[inImage + i] = (weights[inImage + i] as number) + weight;
      const [to, from] = [(inImage + i) * classes, (inWindow + i) * classes];
      for (let k = 0; k < classes; k++) sums[to + k] = (sums[to + k] as number) + weight * (logits[from + k] as number);
    }
  });
}

/** Visits the runs of voxels along the last axis that window and image share. */
function forEachRow(
  shape: readonly [number, number, number],
  origin: Sides,
  patch: Sides,
  visit: (inImage: number, inWindow: number, length: number) => void,
): void {
  const first = origin.map((start) => Math.max(0, -start)) as Sides;
  const end = patch.map((side, axis) => Math.min(side, (shape[axis] as number) - (origin[axis] as number))) as Sides;
  const length = end[2] - first[2];
  if (length <= 0) return;
  for (let d = first[0]; d < end[0]; d++) {
    for (let h = first[1]; h < end[1]; h++) {
      const inImage = ((d + origin[0]) * shape[1] + h + origin[1]) * shape[2] + first[2] + origin[2];
      visit(inImage, (d * patch[1] + h) * patch[2] + first[2], length);
    }
  }
}

function normalise(sums: Float32Array, weights: Float32Array, classes: number): void {
  for (let voxel = 0; voxel < weights.length; voxel++) {
    for (let k = 0; k < classes; k++) {
      const at = voxel * classes + k;
      sums[at] = (sums[at] as number) / (weights[voxel] as number);
    }
  }
}

/** The class of the largest logit at each voxel; logits C-order [D, H, W, K]. */
export function argMaxLabels(logits: Float32Array, classes: number): Uint16Array {
  const labels = new Uint16Array(logits.length / classes);
  for (let voxel = 0; voxel < labels.length; voxel++) {
    let best = 0;
    for (let k = 1; k < classes; k++) {
      if ((logits[voxel * classes + k] as number) > (logits[voxel * classes + best] as number)) best = k;
    }
    labels[voxel] = best;
  }
  return labels;
}
