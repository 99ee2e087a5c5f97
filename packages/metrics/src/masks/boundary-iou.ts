import { MetricsError } from '../errors.js';
import { createGrid, type Grid, type GridOptions, type Mask, requireVoxels } from '../grid.js';
import { DistanceField } from '../surface/distance-field.js';
import { Surface } from '../surface/surface.js';

/** The grid and the width of the boundary in mm. */
export interface BoundaryIouOptions extends GridOptions {
  readonly widthMm: number;
}

const OUTSIDE = 1;

/**
 * Boundary IoU (Cheng et al. 2021, arXiv:2103.16562): intersection over union of the parts of two masks within `widthMm`
 * of the nearest voxel outside (beyond the volume is outside). Null when both masks are empty. Throws `MetricsError`
 * `bad-shape`, `bad-spacing`, `bad-length` or `bad-width`.
 */
export function boundaryIou(prediction: Mask, reference: Mask, options: BoundaryIouOptions): number | null {
  const grid = createGrid(options);
  requireVoxels(prediction, 'prediction', grid);
  requireVoxels(reference, 'reference', grid);
  if (!(options.widthMm > 0)) {
    throw new MetricsError('bad-width', `widthMm is ${options.widthMm}: expected mm above 0`, {
      kind: 'usage',
      hint: 'pass the width of the boundary in mm, at least one voxel',
    });
  }
  const a = boundaryOf(prediction, grid, options.widthMm);
  const b = boundaryOf(reference, grid, options.widthMm);
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < a.length; i++) {
    intersection += (a[i] as number) & (b[i] as number);
    union += (a[i] as number) | (b[i] as number);
  }
  return union === 0 ? null : intersection / union;
}

/** 1 for the voxels inside that lie within the width of one outside, in the grid with a border of one voxel. */
function boundaryOf(mask: Mask, grid: Grid, widthMm: number): Uint8Array {
  const border = grid.flat ? 0 : 1;
  const padded = { depth: grid.depth + 2 * border, height: grid.height + 2, width: grid.width + 2 };
  const sites = new Uint8Array(padded.depth * padded.height * padded.width).fill(OUTSIDE);
  const inside = new Surface();
  for (let d = 0, voxel = 0; d < grid.depth; d++) {
    for (let h = 0; h < grid.height; h++) {
      let place = ((d + border) * padded.height + h + 1) * padded.width + 1;
      for (let w = 0; w < grid.width; w++, voxel++, place++) {
        if (mask[voxel] === 0) continue;
        sites[place] = 0;
        inside.add(place, 0);
      }
    }
  }
  const field = new DistanceField();
  field.load(sites, OUTSIDE, padded, grid.spacing);
  const distances = field.measure(inside);
  const boundary = new Uint8Array(sites.length);
  for (let i = 0; i < inside.count; i++) {
    if ((distances[i] as number) <= widthMm) boundary[inside.positions[i] as number] = 1;
  }
  return boundary;
}
