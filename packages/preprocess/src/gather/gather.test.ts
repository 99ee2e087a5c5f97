import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perAxis } from '../geometry/per-axis.js';
import type { Shape3, VoxelArray } from '../volume.js';
import { gather } from './gather.js';
import { denseLayout, type Layout, moveLayout } from './layout.js';

const ARRAYS = [Int8Array, Uint16Array, Float32Array, Float64Array].map((type) => [type.name, type] as const);
const ORDERS = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const; // biome-ignore format: a table
// Up to 40, so that strips of 8 and rows of 24 are both crossed and missed.
const side = fc.integer({ min: 1, max: 40 });

/** Permuted and flipped axes of a dense array with sides `stored`; `order[i]` is the stored axis that axis i reads. */
function permuted(stored: Shape3, order: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2], flips: number): Layout {
  const dense = denseLayout(stored);
  const flipped = perAxis((axis) => ((flips >> axis) & 1) === 1);
  const first = perAxis((axis) => (flipped[axis] ? stored[axis] - 1 : 0));
  const strides = perAxis((axis) => (flipped[order[axis]] ? -1 : 1) * dense.strides[order[axis]]);
  return { offset: moveLayout(dense, first).offset, strides };
}

function at({ offset, strides }: Layout, d: number, h: number, w: number): number {
  return offset + d * strides[0] + h * strides[1] + w * strides[2];
}

describe('gather', () => {
  it.each(ARRAYS)('copies %s between any two layouts as a loop over all voxels does', (_, type) => {
    fc.assert(
      fc.property(
        fc.tuple(side, side, side),
        fc.constantFrom(...ORDERS),
        fc.nat(7),
        fc.integer({ min: 1, max: 3 }),
        (stored, order, flips, channels) => {
          const from: VoxelArray = new type(stored[0] * stored[1] * stored[2]);
          for (let i = 0; i < from.length; i += 1) from[i] = (i * 37) % 119;
          const shape = perAxis((axis) => stored[order[axis]]);
          const source = permuted(stored, order, flips);
          const target = denseLayout(shape, channels, channels - 1);
          const found: VoxelArray = new type(from.length * channels);
          const expected: VoxelArray = new type(from.length * channels);
          gather(from, source, found, target, shape);
          for (let d = 0; d < shape[0]; d += 1)
            for (let h = 0; h < shape[1]; h += 1)
              for (let w = 0; w < shape[2]; w += 1)
                expected[at(target, d, h, w)] = from[at(source, d, h, w)] as number;
          expect(found.every((value, i) => value === expected[i])).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the bits of values that are not numbers', () => {
    const bits = Uint32Array.of(0x7fc00001, 0xffc12345, 0x7f800001);
    const result = new Float32Array(3);
    const line: Layout = { offset: 2, strides: [3, 3, -1] };
    gather(new Float32Array(bits.buffer), line, result, denseLayout([1, 1, 3]), [1, 1, 3]);
    expect([...new Uint32Array(result.buffer)]).toEqual([0x7f800001, 0xffc12345, 0x7fc00001]);
  });
});
