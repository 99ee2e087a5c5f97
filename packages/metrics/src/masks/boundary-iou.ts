import { MetricsError } from '../errors.js';
import { createGrid, type GridOptions, type Mask } from '../grid.js';
import { BoundaryMeter } from './boundary-meter.js';
import { cropMasks } from './crop-masks.js';

/** The grid and the width of the boundary in mm. */
export interface BoundaryIouOptions extends GridOptions {
  readonly widthMm: number;
}

/**
 * Boundary IoU (Cheng et al. 2021, arXiv:2103.16562): intersection over union of the parts of two masks within `widthMm`
 * of the nearest voxel outside (beyond the volume is outside). Null when both boundaries are empty. Throws
 * `MetricsError` `bad-shape`, `bad-spacing`, `bad-length` or `bad-width`.
 */
export function boundaryIou(prediction: Mask, reference: Mask, options: BoundaryIouOptions): number | null {
  const grid = createGrid(options);
  requireBoundaryWidth(options.widthMm, 'widthMm');
  const masks = cropMasks(prediction, reference, grid);
  if (masks === undefined) return null;
  return new BoundaryMeter(grid.spacing, options.widthMm).intersectionOverUnion(masks);
}

/** Throws `MetricsError` `bad-width` unless the width is a number of mm above 0. */
export function requireBoundaryWidth(widthMm: number, name: string): void {
  if (widthMm > 0) return;
  throw new MetricsError('bad-width', `${name} is ${widthMm}: expected mm above 0`, {
    kind: 'usage',
    hint: 'pass the width of the boundary in mm, at least one voxel',
  });
}
