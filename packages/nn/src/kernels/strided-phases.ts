import * as tf from '@tensorflow/tfjs-core';
import { product } from '../product.js';
import { type Grid, mapAxes, type Sides, type Taps } from './grid.js';
import { RowOrder, rearrangeRows } from './rearrange-rows.js';

/** As `convolveByPhases` has it, for any strides: only the phases on which a result starts are made, and rows are moved one by one. */
export function convolveStridedPhases<T extends Grid>(
  x: T,
  taps: Taps,
  convolution: (phases: T, stride: Sides) => T,
): T {
  const [batch, ...sides] = x.shape.slice(0, -1) as [number, number, number];
  const axes = sides.map((side, axis) => phasesOf(side, taps, axis));
  const count = product(axes.map(({ phases }) => phases));
  const lengths = axes.map(({ length }) => length);
  const split = new RowOrder(splitRows(axes, sides), product(sides));
  const phases = moveRows(x, split, [batch * count, ...lengths]);
  const stride = mapAxes(taps.stride, (_, axis) => axes[axis]?.stride ?? 1);
  const convolved = convolution(phases as T, stride);
  const parts = convolved.shape.slice(1, -1);
  const join = new RowOrder(joinRows(axes, parts), count * product(parts));
  const byPhase = tf.reshape(convolved, [batch, count * product(parts), -1]);
  return moveRows(byPhase, join, [batch, ...axes.map(({ results }) => results)]) as T;
}

/** The phases along one axis. */
interface Phases {
  readonly phases: number;
  /** Voxels of a phase. */
  readonly length: number;
  /** The step of the results within a phase. */
  readonly stride: number;
  /** Results along the axis. */
  readonly results: number;
  /** The voxel at a place of a phase, or -1 in the padding. */
  readonly voxel: (phase: number, place: number) => number;
}

/**
 * Result r has its first tap at stride r. Results that are dilation / gcd apart start a multiple of the dilation apart, on one phase, where their
 * starts are stride / gcd apart.
 */
function phasesOf(side: number, taps: Taps, axis: number): Phases {
  const [kernel, stride, padding, dilation] = [taps.kernel, taps.stride, taps.padding, taps.dilation].map(
    (sides) => sides[axis] as number,
  ) as [number, number, number, number];
  const common = greatestCommonDivisor(stride, dilation);
  const phases = dilation / common;
  const results = Math.floor((side + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  const step = stride / common;
  const length = (Math.ceil(results / phases) - 1) * step + kernel;
  const voxel = (phase: number, place: number) => {
    const at = phase * stride + place * dilation - padding;
    return at >= 0 && at < side ? at : -1;
  };
  return { phases, length, stride: step, results, voxel };
}

function splitRows(axes: readonly Phases[], sides: readonly number[]): Int32Array {
  const rows = tuples(axes.map(({ phases }) => phases)).map((phase) =>
    sumsOf(
      axes.map(({ length, voxel }, axis) => {
        const step = product(sides.slice(axis + 1));
        return Array.from({ length }, (_, place) => {
          const at = voxel(phase[axis] as number, place);
          return at < 0 ? -1 : at * step;
        });
      }),
    ),
  );
  const joined = new Int32Array(rows.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of rows) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function joinRows(axes: readonly Phases[], parts: readonly number[]): Int32Array {
  return sumsOf(
    axes.map(({ phases, results }, axis) => {
      const phaseStep = product(axes.slice(axis + 1).map((other) => other.phases)) * product(parts);
      const placeStep = product(parts.slice(axis + 1));
      return Array.from(
        { length: results },
        (_, result) => (result % phases) * phaseStep + Math.floor(result / phases) * placeStep,
      );
    }),
  );
}

/** Sums of one number of each list, the last list the fastest; -1 where one of them is. */
function sumsOf(lists: readonly (readonly number[])[]): Int32Array {
  return lists.reduce((sums, list) => {
    const next = new Int32Array(sums.length * list.length);
    for (let i = 0; i < next.length; i++) {
      const [sum, value] = [sums[Math.floor(i / list.length)], list[i % list.length]] as [number, number];
      next[i] = sum < 0 || value < 0 ? -1 : sum + value;
    }
    return next;
  }, Int32Array.of(0));
}

/** All tuples of numbers below the counts, the last the fastest. */
function tuples(counts: readonly number[]): number[][] {
  return counts.reduce<number[][]>(
    (all, count) => all.flatMap((tuple) => Array.from({ length: count }, (_, value) => [...tuple, value])),
    [[]],
  );
}

/** Rows of x [N, ..., C] in another order, in a grid of this shape less its channels. */
function moveRows(x: tf.Tensor, order: RowOrder, shape: readonly number[]): tf.Tensor {
  const channels = x.shape.at(-1) as number;
  const rows = tf.reshape(x, [x.shape[0] as number, order.inputs, channels]) as tf.Tensor3D;
  return tf.reshape(rearrangeRows(rows, order), [...shape, channels]);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
