import type { Grid } from '../grid.js';
import type { CroppedMasks } from './cropped-masks.js';
import type { DirectedDistances } from './directed-distances.js';
import { findEdgeVoxels } from './edge-voxels.js';
import { interpolatedQuantile } from './quantile.js';
import type { SurfacePair } from './surface.js';
import { surfelSizes } from './surfel-sizes.js';
import { findSurfels } from './surfels.js';

/** Which library's definition of surface and percentile the distance metrics follow. */
export type ConventionName = 'surface-distance' | 'monai' | 'medpy';

/** Distances in both directions between two surfaces that are not empty. */
export interface TwoWayDistances {
  readonly toReference: DirectedDistances;
  readonly toPrediction: DirectedDistances;
}

export interface Convention {
  findSurfaces(masks: CroppedMasks, surfaces: SurfacePair): void;
  /** Sizes of the surface elements by code. */
  sizes(grid: Grid): Float64Array;
  hausdorff(distances: TwoWayDistances, fraction: number): number;
  averageDistance(distances: TwoWayDistances): number;
  /** Undefined where the library has no such metric. */
  surfaceDice(distances: TwoWayDistances, toleranceMm: number): number | undefined;
}

/** Surfels weighted by area; the larger of two weighted quantiles; distances averaged over the area of both surfaces. */
const surfaceDistance: Convention = {
  findSurfaces: findSurfels,
  sizes: surfelSizes,
  hausdorff: ({ toReference, toPrediction }, fraction) =>
    Math.max(toReference.weightedQuantile(fraction), toPrediction.weightedQuantile(fraction)),
  averageDistance: averageOverBoth,
  surfaceDice: sizeWithinTolerance,
};

/** Edge voxels; the larger of two interpolated percentiles; distances averaged over all edge voxels. */
const monai: Convention = {
  findSurfaces: findEdgeVoxels,
  sizes: () => Float64Array.of(1),
  hausdorff: ({ toReference, toPrediction }, fraction) =>
    Math.max(toReference.interpolatedQuantile(fraction), toPrediction.interpolatedQuantile(fraction)),
  averageDistance: averageOverBoth,
  surfaceDice: sizeWithinTolerance,
};

/** Edge voxels; as MONAI, but one percentile over the distances of both directions; no NSD. */
const medpy: Convention = {
  ...monai,
  hausdorff: ({ toReference, toPrediction }, fraction) => {
    const pooled = new Float64Array(toReference.count + toPrediction.count);
    pooled.set(toReference.toArray());
    pooled.set(toPrediction.toArray(), toReference.count);
    return interpolatedQuantile(pooled, pooled.length, fraction);
  },
  surfaceDice: () => undefined,
};

export const conventions: Readonly<Record<ConventionName, Convention>> = {
  'surface-distance': surfaceDistance,
  monai,
  medpy,
};

function averageOverBoth({ toReference, toPrediction }: TwoWayDistances): number {
  return (toReference.moment() + toPrediction.moment()) / (toReference.size() + toPrediction.size());
}

function sizeWithinTolerance({ toReference, toPrediction }: TwoWayDistances, toleranceMm: number): number {
  const within = toReference.sizeWithin(toleranceMm) + toPrediction.sizeWithin(toleranceMm);
  return within / (toReference.size() + toPrediction.size());
}
