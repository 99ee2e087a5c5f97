import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import type { Shape3, Volume } from '../volume.js';
import { connectedComponents } from './connected-components.js';
import type { Connectivity } from './connectivity.js';
import { hashedMask, maskOf } from './masks.test-support.js';

/** Numbers components by a flood fill that visits every neighbour of every voxel: slow, and plain to see. */
function flood({ data, shape }: Volume, connectivity: Connectivity): number[] {
  const numbers = Array.from(data, () => 0);
  const furthest = { 6: 1, 18: 2, 26: 3 }[connectivity];
  let count = 0;
  for (const first of numbers.keys()) {
    if (data[first] === 0 || numbers[first] !== 0) continue;
    count += 1;
    const queue = [first];
    numbers[first] = count;
    for (const at of queue) {
      for (const next of neighbours(at, shape, furthest)) {
        if (numbers[next] !== 0 || data[next] !== data[first]) continue;
        numbers[next] = count;
        queue.push(next);
      }
    }
  }
  return numbers;
}

function neighbours(at: number, [depth, height, width]: Shape3, furthest: number): number[] {
  const [d, h, w] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
  const around = [-1, 0, 1];
  return around.flatMap((i) =>
    around.flatMap((j) =>
      around.flatMap((k) => {
        const [x, y, z] = [d + i, h + j, w + k];
        const inside = x >= 0 && x < depth && y >= 0 && y < height && z >= 0 && z < width;
        const distance = Math.abs(i) + Math.abs(j) + Math.abs(k);
        return inside && distance > 0 && distance <= furthest ? [(x * height + y) * width + z] : [];
      }),
    ),
  );
}

describe('connectedComponents', () => {
  // SciPy 1.17: scipy.ndimage.label(mask, generate_binary_structure(3, 1, 2 or 3)), digits in base 36
  it.each([
    [
      0.3,
      6,
      '0011010001110200010030010000000000000400000050000000600070600550889055089050a00b000000000c0508800550080000000000d00e00d0',
    ],
    [
      0.3,
      18,
      '001101000111010001001001000000000000010000001000000010001010011011101101101010010000000001010110011001000000000010010010',
    ],
    [
      0.15,
      6,
      '0010020000220000000000030000000000000000000000000000400000000050000055067050000000000000000809900800060000000000000000a0',
    ],
    [
      0.15,
      18,
      '001002000022000000000003000000000000000000000000000030000000004000004404504000000000000000040440040004000000000000000060',
    ],
    [
      0.15,
      26,
      '001002000022000000000003000000000000000000000000000030000000004000004404404000000000000000040440040004000000000000000050',
    ],
  ] as const)('of density %d numbers as SciPy does, connectivity %d', (density, connectivity, expected) => {
    const { components, sizes } = connectedComponents(hashedMask([4, 5, 6], density), { connectivity });
    expect(Array.from(components.data, (number) => number.toString(36)).join('')).toBe(expected);
    const counts = Array.from(sizes, (_, number) => [...components.data].filter((n) => n === number).length);
    expect([...sizes]).toEqual(counts);
  });

  it.each([6, 18, 26] as const)(
    'agrees with a flood fill for any labels, connectivity %d',
    (connectivity) => {
      const random = seededRandom(11);
      for (let round = 0; round < 120; round += 1) {
        const shape: Shape3 = [1, 2, 3].map(() => 1 + Math.floor(random() * 7)) as [number, number, number];
        const labels = 1 + Math.floor(random() * 3);
        const density = random();
        const count = shape[0] * shape[1] * shape[2];
        const values = Array.from({ length: count }, () =>
          random() < density ? 1 + Math.floor(random() * labels) : 0,
        );
        const mask = maskOf(shape, values);
        expect([...connectedComponents(mask, { connectivity }).components.data]).toEqual(
          flood(mask, connectivity),
        );
      }
    },
  );

  it('joins what meets late, along a winding path', () => {
    // a comb: teeth along W that only the last row joins
    const values = Array.from({ length: 9 * 1000 }, (_, i) =>
      Math.floor(i / 9) === 999 || (i % 9) % 2 === 0 ? 1 : 0,
    );
    const { sizes } = connectedComponents(maskOf([1, 1000, 9], values), { connectivity: 6 });
    expect([...sizes]).toEqual([999 * 4, 9000 - 999 * 4]);
  });

  it('gives the value of each component, keeps the affine and takes any array type', () => {
    const mask = { ...maskOf([1, 1, 6], []), data: Float32Array.of(7, 0, 2.5, 2.5, 7, 0) };
    const { components, sizes, values } = connectedComponents(mask);
    expect([...components.data]).toEqual([1, 0, 2, 2, 3, 0]);
    expect([...sizes]).toEqual([2, 1, 2, 1]);
    expect([...values]).toEqual([0, 7, 2.5, 7]);
    expect(components.affine).toBe(mask.affine);
  });

  it('finds none in an empty mask, and one voxel in one', () => {
    expect([...connectedComponents(maskOf([2, 1, 2], [0, 0, 0, 0])).sizes]).toEqual([4]);
    expect([...connectedComponents(maskOf([1, 1, 1], [3])).sizes]).toEqual([0, 1]);
  });

  it('takes time and memory that grow with the voxels, 2 million of them here', () => {
    // a checkerboard has as many components as can be for connectivity 6, and one for 26
    const side = 128;
    const board = new Uint8Array(side ** 3);
    for (let i = 0; i < board.length; i += 1) board[i] = ((i >> 14) + (i >> 7) + i) & 1;
    const mask = { ...maskOf([side, side, side], []), data: board };
    expect(connectedComponents(mask, { connectivity: 6 }).sizes.length).toBe(side ** 3 / 2 + 1);
    expect([...connectedComponents(mask, { connectivity: 26 }).sizes]).toEqual([
      side ** 3 / 2,
      side ** 3 / 2,
    ]);
  });

  it('refuses another connectivity, several channels and arrays that do not fit', () => {
    const mask = maskOf([1, 1, 2], [1, 0]);
    const code = (expected: string) => expect.objectContaining({ code: expected, kind: 'usage' });
    expect(() => connectedComponents(mask, { connectivity: 8 as Connectivity })).toThrow(
      code('bad-connectivity'),
    );
    expect(() => connectedComponents({ ...mask, shape: [1, 1, 1], channels: 2 })).toThrow(
      code('mask-channels'),
    );
    expect(() => connectedComponents({ ...mask, shape: [1, 1, 3] })).toThrow(code('volume-size'));
  });
});
