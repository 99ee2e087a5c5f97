import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '../config.js';
import { importanceMap } from './importance-map.js';
import { LogitsAccumulator } from './logits-accumulator.js';
import { type ImageArray, type Padding, readWindow } from './read-window.js';
import { type WindowOptions, windowCorners } from './windows.js';

/** How windows become one volume. */
export interface SlidingWindowOptions extends WindowOptions {
  /** 'constant' averages overlapping windows, 'gaussian' trusts their centres more. Default 'constant'. */
  readonly blending?: 'constant' | 'gaussian';
  /** Standard deviation of the Gaussian as a share of each side. Default 0.125. */
  readonly deviation?: number;
  /** What a window sees where a side of the volume is shorter than the patch. Default 'zeros'. */
  readonly padding?: Padding;
  /** Most bytes that the logits of the whole volume and their weights may take. Default 4 GiB. */
  readonly maxBytes?: number;
  /** Called after each window, and awaited. */
  readonly onWindow?: (done: number, total: number) => void | Promise<void>;
}

const defaultMaxBytes = 4 * 2 ** 30;

/**
 * Logits of a whole volume from windows of patch size: C-order [D, H, W, K] float32. Sides shorter than the patch are padded on both
 * sides, the extra voxel at the end, and cropped again (MONAI's sliding_window_inference). Gives way to the event loop after each window.
 * @throws NetworkError `bad-overlap`, `prediction-memory`.
 */
export async function slidingWindow(
  image: ImageArray,
  predict: (window: tf.Tensor5D) => tf.Tensor5D,
  options: SlidingWindowOptions,
): Promise<{ data: Float32Array; classes: number }> {
  const { patch, blending = 'constant', deviation, padding = 'zeros', maxBytes = defaultMaxBytes } = options;
  const before = image.shape.map((side, axis) => Math.max(0, (patch[axis] as number) - side) >> 1) as Sides;
  const padded = image.shape.map((side, axis) => Math.max(side, patch[axis] as number)) as Sides;
  const origins = windowCorners(padded, options).map(
    (corner) => corner.map((start, axis) => start - (before[axis] as number)) as Sides,
  );
  const importance = importanceMap(patch, blending, deviation);
  let sums: LogitsAccumulator | undefined;
  for (const [index, origin] of origins.entries()) {
    const { logits, classes } = predictWindow(
      readWindow(image, origin, patch, padding),
      [1, ...patch, image.channels],
      predict,
    );
    sums ??= new LogitsAccumulator(image.shape, classes, maxBytes);
    sums.add(logits, importance, origin, patch);
    await options.onWindow?.(index + 1, origins.length);
    await nextTask();
  }
  return { data: sums?.finish() ?? new Float32Array(0), classes: sums?.classes ?? 0 };
}

function predictWindow(
  window: Float32Array,
  shape: [number, number, number, number, number],
  predict: (window: tf.Tensor5D) => tf.Tensor5D,
): { logits: Float32Array; classes: number } {
  const tensor = tf.tidy(() => predict(tf.tensor5d(window, shape)));
  const logits = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return { logits, classes: tensor.shape[4] };
}

/** Lets timers and signals run; `requestAnimationFrame` would stand still in a hidden tab. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
