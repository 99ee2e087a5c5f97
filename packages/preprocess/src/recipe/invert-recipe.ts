import { checkGrid } from '../geometry/grid.js';
import { perAxis } from '../geometry/per-axis.js';
import { smallestIntegers } from '../smallest-integers.js';
import { extractBox } from '../transforms/box.js';
import { inverseReordering, reorder } from '../transforms/orient.js';
import { type Interpolation, resampleGrid } from '../transforms/resample.js';
import type { Volume } from '../volume.js';
import type { Trace, TraceStep } from './trace.js';

/**
 * Brings a label volume from a recipe's grid back to the grid of the scan it came from: exactly where the recipe only
 * permuted, flipped, cropped and padded, by nearest neighbour where it resampled. What was cropped away becomes 0.
 * The result carries the scan's own affine and stored geometry, in the smallest integer type.
 */
export function invertMask(mask: Volume, trace: Trace): Volume {
  return smallestIntegers(invertRecipe(mask, trace, 'nearest'));
}

/** As `invertMask` for any values, e.g. probabilities with `linear`. Throws `grid-mismatch` for a foreign volume. */
export function invertRecipe(volume: Volume, trace: Trace, interpolation: Interpolation): Volume {
  const { native, prepared, steps } = trace;
  checkGrid(volume, prepared);
  const result = steps.reduceRight((current, step) => undo(current, step, interpolation), volume);
  const { affine, geometry } = native;
  const placed = { data: result.data, shape: native.shape, channels: result.channels, affine };
  return geometry === undefined ? placed : { ...placed, geometry };
}

function undo(volume: Volume, step: TraceStep, interpolation: Interpolation): Volume {
  switch (step.kind) {
    case 'orient':
      return reorder(volume, inverseReordering(step.sources));
    case 'resample':
      return resampleGrid(
        volume,
        perAxis((axis) => 1 / step.steps[axis]),
        step.before.shape,
        interpolation,
      );
    case 'box': {
      const start = perAxis((axis) => 0 - step.box.start[axis]);
      return extractBox(volume, { start, size: step.before.shape });
    }
  }
}
