import { PreprocessError } from '../errors.js';
import { type Axis, perAxis } from '../geometry/per-axis.js';
import type { Box } from '../transforms/box.js';
import type { Shape3, Volume, VoxelArray } from '../volume.js';
import { eachChannel } from './each-channel.js';
import { fillBox } from './fill-box.js';
import { labelBoxes } from './label-boxes.js';

/** Which holes are filled. */
export interface FillHolesOptions {
  /** Only the holes of these labels, in this order. Default all, the least first. */
  readonly labels?: readonly number[];
  /** Looks at each slice across this axis by itself, so that a tunnel along the axis is a hole too. */
  readonly perSlice?: Axis;
}

/**
 * Gives the background voxels that a label encloses to that label, in each channel. Enclosed is what no path over
 * faces leads out of without crossing the label (scipy.ndimage.binary_fill_holes); other labels in a hole stay as they
 * are, and a voxel that two labels enclose goes to the one that comes first. Throws `bad-axis`, `volume-size`.
 */
export function fillHoles(volume: Volume, options: FillHolesOptions = {}): Volume {
  const { labels, perSlice } = options;
  if (perSlice !== undefined && ![0, 1, 2].includes(perSlice)) throw badAxis(perSlice);
  return eachChannel(volume, (values) => {
    const boxes = labelBoxes(values, volume.shape);
    for (const label of labels ?? boxes.keys()) {
      const box = boxes.get(label);
      if (box !== undefined) fillLabel(values, volume.shape, label, box, perSlice);
    }
  });
}

function fillLabel(
  values: VoxelArray,
  shape: Shape3,
  label: number,
  box: Box,
  perSlice: Axis | undefined,
): void {
  const parts = perSlice === undefined ? [box] : slices(box, perSlice);
  for (const part of parts) fillBox(values, shape, label, part, perSlice);
}

function slices({ start, size }: Box, across: Axis): Box[] {
  return Array.from({ length: size[across] }, (_, slice) => ({
    start: perAxis((axis) => (axis === across ? start[axis] + slice : start[axis])),
    size: perAxis((axis) => (axis === across ? 1 : size[axis])),
  }));
}

function badAxis(axis: number): PreprocessError {
  return new PreprocessError('bad-axis', `perSlice is ${axis}, expected 0, 1 or 2`, {
    kind: 'usage',
    hint: 'name the array axis that the slices lie across: 2 for axial slices of a RAS volume',
  });
}
