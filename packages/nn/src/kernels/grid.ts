import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';

/** A number for each of H and W. */
export type Pair = readonly [number, number];

/** A number for each of D, H and W. */
export type Triple = readonly [number, number, number];

/** Two for images, three for volumes. */
export type Dimensions = 2 | 3;

/** A number for each axis of a grid. */
export type SidesOf<D extends Dimensions> = { 2: Pair; 3: Triple }[D];

/** A number for each axis of an image or a volume. */
export type Sides = SidesOf<Dimensions>;

/** Features of a batch: images [N, H, W, C] or volumes [N, D, H, W, C]. */
export type GridOf<D extends Dimensions> = { 2: tf.Tensor4D; 3: tf.Tensor5D }[D];

/** Features of a batch of images or volumes. */
export type Grid = GridOf<Dimensions>;

/** Where a filter of these sides is laid on a grid. */
export interface Taps {
  readonly kernel: Sides;
  readonly stride: Sides;
  readonly padding: Sides;
  /** How many voxels lie from one tap to the next. */
  readonly dilation: Sides;
}

/** The sides with `f` applied to each. */
export function mapAxes(sides: Sides, f: (side: number, axis: number) => number): Sides {
  return sides.map(f) as unknown as Sides;
}

/** How a grid of 2 or 3 axes with so many channels is written. */
export function gridShape(axes: number, channels: number | string): string {
  return `[N, ${axes === 2 ? 'H, W' : 'D, H, W'}, ${channels}]`;
}

/** @throws NetworkError `wrong-rank` unless `x` has as many spatial axes as what it meets. */
export function checkAxes(operation: string, x: tf.Tensor, axes: number): void {
  if (x.rank === axes + 2) return;
  throw new NetworkError(
    'wrong-rank',
    `${operation} expects ${gridShape(axes, 'C')} for its ${axes} numbers, one an axis; received [${x.shape}]`,
    { hint: 'an image has two axes and a volume three: give or build it with dimensions 2 or 3' },
  );
}

/** Zeros before and after a grid along each of its axes. */
export function padSpatially<T extends Grid>(x: T, before: Sides, after: Sides): T {
  if ([...before, ...after].every((side) => side === 0)) return x;
  const margins = before.map((side, axis): [number, number] => [side, after[axis] ?? 0]);
  return tf.pad(x as tf.Tensor, [[0, 0], ...margins, [0, 0]]) as T;
}

/** A grid without so many voxels before and after along each of its axes; a negative number takes none. */
export function cropSpatially<T extends Grid>(x: T, before: Sides, after: Sides): T {
  if ([...before, ...after].every((side) => side <= 0)) return x;
  const sizes = before.map(
    (side, axis) => (x.shape[axis + 1] as number) - side - Math.max(0, after[axis] ?? 0),
  );
  return tf.slice(x as tf.Tensor, [0, ...before, 0], [x.shape[0], ...sizes, x.shape.at(-1) as number]) as T;
}
