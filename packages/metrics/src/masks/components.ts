import { createGrid, type Grid, type GridOptions, type Mask, requireVoxels, type Vector } from '../grid.js';
import { type Words, wordsOf } from '../label-words.js';

/** Neighbours that connect two voxels: across faces, also across edges, or also across corners. */
export type Connectivity = 'faces' | 'edges' | 'corners';

/** Connected components of a mask. */
export interface Components {
  /** Number of each voxel's component from 1, 0 outside; C-order. */
  readonly map: Int32Array;
  /** Voxels of each component; the first entry counts the background. */
  readonly sizes: readonly number[];
}

const axesByConnectivity: Readonly<Record<Connectivity, number>> = { faces: 1, edges: 2, corners: 3 };

/** True for the names of a `Connectivity`. */
export function isConnectivity(name: string): name is Connectivity {
  return Object.hasOwn(axesByConnectivity, name);
}

/** Numbers the connected components of a mask `[D, H, W]` or `[H, W]` in the order of their first voxel. */
export function connectedComponents(
  mask: Mask,
  options: GridOptions,
  connectivity: Connectivity,
): Components {
  const grid = createGrid(options);
  requireVoxels(mask, 'mask', grid);
  const steps = neighbourSteps(grid, axesByConnectivity[connectivity]);
  const words = wordsOf(mask);
  const map = new Int32Array(mask.length);
  const stack = new Int32Array(mask.length);
  const sizes = [mask.length];
  for (let seed = 0; seed < mask.length; seed++) {
    if (words[seed] === 0 || map[seed] !== 0) continue;
    const size = fill(words, grid, steps, map, stack, seed, sizes.length);
    sizes.push(size);
    sizes[0] = (sizes[0] ?? 0) - size;
  }
  return { map, sizes };
}

/** Steps to the neighbours that differ on at most `axes` axes. */
function neighbourSteps(grid: Grid, axes: number): Vector[] {
  const along = [-1, 0, 1];
  return (grid.flat ? [0] : along)
    .flatMap((d) => along.flatMap((h) => along.map((w): Vector => [d, h, w])))
    .filter((step) => {
      const moved = step.filter((offset) => offset !== 0).length;
      return moved > 0 && moved <= axes;
    });
}

function fill(
  mask: Words,
  grid: Grid,
  steps: readonly Vector[],
  map: Int32Array,
  stack: Int32Array,
  seed: number,
  number: number,
): number {
  const plane = grid.height * grid.width;
  let waiting = 1;
  let size = 0;
  stack[0] = seed;
  map[seed] = number;
  while (waiting > 0) {
    const voxel = stack[--waiting] as number;
    size++;
    const d = Math.floor(voxel / plane);
    const h = Math.floor(voxel / grid.width) % grid.height;
    const w = voxel % grid.width;
    for (const [dd, dh, dw] of steps) {
      if (!isInside(grid, d + dd, h + dh, w + dw)) continue;
      const neighbour = voxel + dd * plane + dh * grid.width + dw;
      if (mask[neighbour] === 0 || map[neighbour] !== 0) continue;
      map[neighbour] = number;
      stack[waiting++] = neighbour;
    }
  }
  return size;
}

function isInside(grid: Grid, d: number, h: number, w: number): boolean {
  return d >= 0 && d < grid.depth && h >= 0 && h < grid.height && w >= 0 && w < grid.width;
}
