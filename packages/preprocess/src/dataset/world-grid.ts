import { spacing, type Vector3 } from '../geometry/affine.js';
import type { Grid } from '../geometry/grid.js';
import { axisDirections } from '../geometry/orientation.js';
import { perAxis } from '../geometry/per-axis.js';
import type { Shape3 } from '../volume.js';

/** Sides (voxels) and spacing (mm) along left-right, posterior-anterior and inferior-superior, as after `orient(volume, 'RAS')`. */
export function worldGrid({ shape, affine }: Grid): { shape: Shape3; spacing: Vector3 } {
  const directions = axisDirections(affine);
  const steps = spacing(affine);
  const source = perAxis((world) => directions.findIndex(({ axis }) => axis === world) as 0 | 1 | 2);
  return {
    shape: perAxis((world) => shape[source[world]]),
    spacing: perAxis((world) => steps[source[world]]),
  };
}
