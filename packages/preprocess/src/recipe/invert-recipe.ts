import { PreprocessError } from '../errors.js';
import { affinesClose } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import { smallestIntegers } from '../smallest-integers.js';
import { extractBox } from '../transforms/box.js';
import { inverseReordering, reorder } from '../transforms/orient.js';
import { type Interpolation, resampleGrid } from '../transforms/resample.js';
import { sameShape, type Volume } from '../volume.js';
import type { Grid, Trace, TraceStep } from './trace.js';

// The affine is carried through the steps in doubles: anything beyond rounding means a wrong trace.
const AFFINE_TOLERANCE = 1e-3;

/**
 * Brings a label volume from a recipe's grid back to the grid of the scan it came from: exactly where the recipe only
 * permuted, flipped, cropped and padded, by nearest neighbour where it resampled. What was cropped away becomes 0.
 * The result carries the scan's own affine and stored geometry, in the smallest integer type.
 */
export function invertMask(mask: Volume, trace: Trace): Volume {
  return smallestIntegers(invertRecipe(mask, trace, 'nearest'));
}

/** As `invertMask` for any values, e.g. probabilities with `linear`. Throws `trace-mismatch` for a foreign volume. */
export function invertRecipe(volume: Volume, trace: Trace, interpolation: Interpolation): Volume {
  const { native, steps } = trace;
  const result = steps.reduceRight((current, step) => undo(current, step, interpolation), volume);
  if (
    !sameShape(result.shape, native.shape) ||
    !affinesClose(result.affine, native.affine, AFFINE_TOLERANCE)
  ) {
    throw mismatch(result, native);
  }
  const { affine, geometry } = native;
  const placed = { data: result.data, shape: result.shape, channels: result.channels, affine };
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

function mismatch(found: Grid, native: Grid): PreprocessError {
  const message = `the volume does not lie on the grid of its trace: [${found.shape.join(', ')}] voxels came back, the scan has [${native.shape.join(', ')}] or another affine`;
  return new PreprocessError('trace-mismatch', message, {
    kind: 'usage',
    hint: 'invert a volume with the trace that applyRecipe gave for the same scan',
  });
}
