import {
  type Affine,
  type Columns,
  fromColumns,
  scaled,
  type Vector3,
  voxelToWorld,
} from '../geometry/affine.js';
import { parseOrientation } from '../geometry/orientation.js';
import { perAxis } from '../geometry/per-axis.js';
import type { Shape3 } from '../volume.js';

/** How a scanner might have stored a case: axis order, tilt of the table in radians, voxel size relative to the rest. */
interface Variant {
  readonly code: string;
  readonly tilt: number;
  readonly stretch: Vector3;
}

// Scans of one hospital come in many geometries; a reader that ignores the header fails on most of these.
const VARIANTS: readonly Variant[] = [
  { code: 'RAS', tilt: 0, stretch: [1, 1, 1] },
  { code: 'LPS', tilt: 0, stretch: [1, 1, 1] },
  { code: 'LAS', tilt: 0.1, stretch: [1, 1, 1] },
  { code: 'PIR', tilt: 0, stretch: [0.9, 0.9, 1.2] },
  { code: 'RAS', tilt: -0.07, stretch: [1.1, 1.1, 0.9] },
  { code: 'LPI', tilt: 0, stretch: [0.95, 0.95, 1.1] },
];

/** The grid of case `index`: about `shape` voxels of `spacing` mm in RAS terms, stored as one of six variants. */
export function caseGrid(index: number, shape: Shape3, spacing: Vector3): { shape: Shape3; affine: Affine } {
  const variant = VARIANTS[index % VARIANTS.length] as Variant;
  const steps = perAxis((axis) => spacing[axis] * variant.stretch[axis]);
  const sides = perAxis((axis) => Math.max(1, Math.round((shape[axis] * spacing[axis]) / steps[axis])));
  const world = tilted(variant.tilt);
  const directions = parseOrientation(variant.code);
  const columns = perAxis((place) => {
    const { axis, sign } = directions[place];
    return scaled(world[axis], sign * steps[axis]);
  });
  const stored = perAxis((place) => sides[directions[place].axis]);
  return { shape: stored, affine: centred(columns, stored) };
}

/** The right, anterior and superior directions turned about the left-right axis. */
function tilted(angle: number): Columns {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [1, 0, 0],
    [0, cos, sin],
    [0, -sin, cos],
  ];
}

/** The affine that puts the centre of the grid at 0. */
function centred(columns: Columns, shape: Shape3): Affine {
  const corner: Vector3 = perAxis((axis) => -(shape[axis] - 1) / 2);
  return fromColumns(columns, voxelToWorld(fromColumns(columns, [0, 0, 0]), corner));
}
