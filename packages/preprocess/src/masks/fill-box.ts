import type { Axis } from '../geometry/per-axis.js';
import type { Box } from '../transforms/box.js';
import { type Shape3, type VoxelArray, voxelCount } from '../volume.js';
import { labelComponents } from './label-components.js';

/**
 * Fills in place the background that `label` encloses within a box around it: everything outside the box hangs
 * together, so what reaches a face of the box is no hole. Faces across `closedAxis` are none: the box is one slice.
 */
export function fillBox(values: VoxelArray, shape: Shape3, label: number, box: Box, closedAxis?: Axis): void {
  const { numbers, sizes } = labelComponents(complement(values, shape, label, box), box.size, 6);
  const open = componentsAtFaces(numbers, box.size, sizes.length, closedAxis);
  if (open.every((each) => each === 1)) return;
  const [depth, height, width] = box.size;
  for (let d = 0, i = 0; d < depth; d += 1) {
    for (let h = 0; h < height; h += 1) {
      const row = rowStart(shape, box, d, h);
      for (let w = 0; w < width; w += 1, i += 1) {
        if (open[numbers[i] as number] === 0 && values[row + w] === 0) values[row + w] = label;
      }
    }
  }
}

/** 1 where a voxel of the box is not `label`. */
function complement(values: VoxelArray, shape: Shape3, label: number, box: Box): Uint8Array {
  const outside = new Uint8Array(voxelCount(box.size));
  const [depth, height, width] = box.size;
  for (let d = 0, i = 0; d < depth; d += 1) {
    for (let h = 0; h < height; h += 1) {
      const row = rowStart(shape, box, d, h);
      for (let w = 0; w < width; w += 1, i += 1) outside[i] = values[row + w] === label ? 0 : 1;
    }
  }
  return outside;
}

/** Marks the components that touch a face of the box, and number 0, the label itself. */
function componentsAtFaces(
  numbers: Int32Array,
  size: Shape3,
  count: number,
  closedAxis: Axis | undefined,
): Uint8Array {
  const open = new Uint8Array(count);
  open[0] = 1;
  const [depth, height, width] = size;
  for (let d = 0, row = 0; d < depth; d += 1) {
    for (let h = 0; h < height; h += 1, row += width) {
      const onFace =
        (closedAxis !== 0 && (d === 0 || d === depth - 1)) ||
        (closedAxis !== 1 && (h === 0 || h === height - 1));
      // A row inside meets the faces with its two ends only.
      const step = onFace ? 1 : Math.max(1, width - 1);
      if (!onFace && closedAxis === 2) continue;
      for (let w = 0; w < width; w += step) open[numbers[row + w] as number] = 1;
    }
  }
  return open;
}

function rowStart(shape: Shape3, { start }: Box, d: number, h: number): number {
  return ((start[0] + d) * shape[1] + start[1] + h) * shape[2] + start[2];
}
