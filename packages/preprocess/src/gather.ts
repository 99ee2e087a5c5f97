import type { Shape3, VoxelArray } from './volume.js';

/** Where the voxels of a grid lie in an array: `array[offset + d * strides[0] + h * strides[1] + w * strides[2]]`. */
export interface Layout {
  readonly offset: number;
  readonly strides: readonly [number, number, number];
}

/** The C-order layout of channel `channel` of a `[D, H, W, C]` array. */
export function denseLayout(shape: Shape3, channels = 1, channel = 0): Layout {
  return { offset: channel, strides: [shape[1] * shape[2] * channels, shape[2] * channels, channels] };
}

// Tiles of this side keep both the rows read and the rows written in the first-level cache.
const TILE = 32;

/** The same layout starting at voxel `(d, h, w)`. */
export function moveLayout(layout: Layout, [d, h, w]: readonly [number, number, number]): Layout {
  const [sd, sh, sw] = layout.strides;
  return { strides: layout.strides, offset: layout.offset + d * sd + h * sh + w * sw };
}

/**
 * Copies a grid of `shape` from one layout to another, both arrays being of the same type. This one loop is what
 * transposes between NIfTI's order and ours, permutes and flips axes, crops and pads.
 */
export function gather(
  from: VoxelArray,
  fromLayout: Layout,
  to: VoxelArray,
  toLayout: Layout,
  shape: Shape3,
): void {
  const [outer, row] = loopOrder(fromLayout);
  const source = words(from);
  const target = words(to);
  const [fo, fr, fw] = [fromLayout.strides[outer], fromLayout.strides[row], fromLayout.strides[2]];
  const [to_, tr, tw] = [toLayout.strides[outer], toLayout.strides[row], toLayout.strides[2]];
  for (let o = 0; o < shape[outer]; o += 1) {
    copyTiles(
      source,
      { offset: fromLayout.offset + o * fo, row: fr, column: fw },
      target,
      { offset: toLayout.offset + o * to_, row: tr, column: tw },
      shape[row],
      shape[2],
    );
  }
}

interface Plane {
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

function copyTiles(
  source: Words,
  from: Plane,
  target: Words,
  to: Plane,
  rows: number,
  columns: number,
): void {
  // When the last axis is contiguous on both sides there is nothing to tile.
  const tile = from.column === 1 && to.column === 1 ? Math.max(rows, columns) : TILE;
  for (let rowStart = 0; rowStart < rows; rowStart += tile) {
    const rowEnd = Math.min(rows, rowStart + tile);
    for (let columnStart = 0; columnStart < columns; columnStart += tile) {
      const width = Math.min(tile, columns - columnStart);
      for (let row = rowStart; row < rowEnd; row += 1) {
        const read = from.offset + row * from.row + columnStart * from.column;
        const write = to.offset + row * to.row + columnStart * to.column;
        copyRun(source, read, from.column, target, write, to.column, width);
      }
    }
  }
}

function copyRun(
  source: Words,
  read: number,
  readStep: number,
  target: Words,
  write: number,
  writeStep: number,
  count: number,
): void {
  for (let i = 0, r = read, w = write; i < count; i += 1, r += readStep, w += writeStep) {
    target[w] = source[r] as number;
  }
}

/** The tile spans the last axis and whichever of the first two the source stores more closely. */
function loopOrder(layout: Layout): [0 | 1, 0 | 1] {
  return Math.abs(layout.strides[0]) < Math.abs(layout.strides[1]) ? [1, 0] : [0, 1];
}

type Words = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Copies bits, not numbers: four array types instead of eight keep the loop fast. */
function words(array: VoxelArray): Words {
  const { buffer, byteOffset, length } = array;
  switch (array.BYTES_PER_ELEMENT) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Uint32Array(buffer, byteOffset, length);
    default:
      return new Float64Array(buffer, byteOffset, length);
  }
}
