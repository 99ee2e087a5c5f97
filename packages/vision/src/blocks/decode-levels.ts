import type { Context } from '@bipvl/nn';
import type * as tf from '@tensorflow/tfjs-core';
import type { Pyramid } from '../coupling.js';

/** Part of a decoder: the features from below, and the skip of its own size, to features of that size. */
export interface DecoderLevel {
  forward(features: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D;
}

/** Runs levels deep to fine from the bottleneck, each with its skip; the features of each, deep to fine. */
export function decodeLevels(
  levels: readonly DecoderLevel[],
  { bottleneck, skips }: Pyramid,
  context: Context,
): tf.Tensor[] {
  const decoded: tf.Tensor5D[] = [];
  for (const [index, level] of levels.entries()) {
    const below = decoded.at(-1) ?? (bottleneck as tf.Tensor5D);
    decoded.push(level.forward(below, skips.at(-1 - index) as tf.Tensor5D, context));
  }
  return decoded;
}
