import type { Shape3, VoxelArray } from '../volume.js';
import { copyRows, type Plane } from './copy-rows.js';
import { copyTransposed } from './copy-transposed.js';
import type { Layout } from './layout.js';
import { wordsOf } from './words.js';

/**
 * Copies a grid of `shape` from one layout to another, both arrays being of the same type. This one function is what
 * transposes between NIfTI's order and ours, permutes and flips axes, crops and pads.
 */
export function gather(
  from: VoxelArray,
  fromLayout: Layout,
  to: VoxelArray,
  toLayout: Layout,
  shape: Shape3,
): void {
  const source = wordsOf(from);
  const target = wordsOf(to);
  const { outer, row, transposed } = loopOrder(fromLayout);
  const copyPlane = transposed ? copyTransposed : copyRows;
  for (let plane = 0; plane < shape[outer]; plane += 1) {
    const read = planeOf(fromLayout, outer, row, plane);
    const write = planeOf(toLayout, outer, row, plane);
    copyPlane(source, read, target, write, shape[row], shape[2]);
  }
}

/** A plane spans the last axis and the other one that the source stores closest. */
function loopOrder({ strides }: Layout): { outer: 0 | 1; row: 0 | 1; transposed: boolean } {
  const [d, h, w] = strides.map(Math.abs) as [number, number, number];
  return d < h ? { outer: 1, row: 0, transposed: d < w } : { outer: 0, row: 1, transposed: h < w };
}

function planeOf({ offset, strides }: Layout, outer: 0 | 1, row: 0 | 1, plane: number): Plane {
  return { offset: offset + plane * strides[outer], row: strides[row], column: strides[2] };
}
