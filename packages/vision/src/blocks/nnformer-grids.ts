import { NetworkError, type Triple } from '@bipvl/nn';
import type { NnFormerForm, NnFormerReduction } from './nnformer-layouts.js';

type Geometry = Pick<NnFormerForm, 'stem' | 'reductions'>;

/** Sides of a patch in voxels, the tokens of the first stage. */
export function nnFormerPatch({ stem }: Pick<NnFormerForm, 'stem'>): Triple {
  const [first, second] = stem;
  return first.map((step, axis) => step * (second[axis] as number)) as unknown as Triple;
}

/**
 * Sides of the grid of tokens at each stage, fine to deep, for images of these sides.
 * @throws NetworkError `backbone-options` naming the nearest sides whose every grid comes back on the way up.
 */
export function nnFormerGrids(geometry: Geometry, imageSides: Triple): readonly Triple[] {
  const axes = imageSides.map((side, axis) => gridsAlong(geometry, axis, side));
  const [depth, height, width] = axes;
  if (!depth || !height || !width) throw illegal(geometry, imageSides);
  return depth.map((side, stage) => [side, height[stage] as number, width[stage] as number]);
}

/** Sides of the grids along one axis; undefined where a side does not fit. */
function gridsAlong(geometry: Geometry, axis: number, side: number): number[] | undefined {
  const patch = nnFormerPatch(geometry)[axis] as number;
  if (!Number.isInteger(side) || side < patch || side % patch !== 0) return undefined;
  const grids = [side / patch];
  for (const reduction of geometry.reductions) {
    const above = grids.at(-1) as number;
    const below = reduced(reduction, axis, above);
    if (below < 1 || grown(reduction, axis, below) !== above) return undefined;
    grids.push(below);
  }
  return grids;
}

function reduced({ kernel, stride, padding }: NnFormerReduction, axis: number, side: number): number {
  const reach = side + 2 * (padding[axis] as number) - (kernel[axis] as number);
  return Math.floor(reach / (stride[axis] as number)) + 1;
}

function grown({ stride, outputPadding }: NnFormerReduction, axis: number, side: number): number {
  return side * (stride[axis] as number) + (outputPadding[axis] as number);
}

/** The larger of two that are equally near. */
function nearestSide(geometry: Geometry, axis: number, side: number): number {
  const start = Math.max(1, Math.round(side) || 1);
  for (let distance = 0; ; distance++) {
    const fits = [start + distance, start - distance].find((each) => gridsAlong(geometry, axis, each));
    if (fits !== undefined) return fits;
  }
}

function illegal(geometry: Geometry, imageSides: Triple): NetworkError {
  const nearest = imageSides.map((side, axis) => nearestSide(geometry, axis, side));
  return new NetworkError(
    'backbone-options',
    `nnFormer of this layout expects image sides that its patches and reductions divide, received [${imageSides}]`,
    { hint: `use imageSides [${nearest}]` },
  );
}
