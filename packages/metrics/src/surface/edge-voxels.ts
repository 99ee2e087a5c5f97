import { type CroppedMasks, PREDICTION_BIT, REFERENCE_BIT } from './cropped-masks.js';
import { PREDICTION_SITE, REFERENCE_SITE, type SurfacePair } from './surface.js';

/** The one code of edge voxels, which all have the same size. */
export const EDGE_VOXEL = 0;

/**
 * Finds the edge voxels of both masks: those with a neighbour outside across a face (an edge, in a flat grid), the mask
 * minus its erosion as MONAI and MedPy take it. Beyond the volume is outside.
 */
export function findEdgeVoxels(masks: CroppedMasks, surfaces: SurfacePair): void {
  const { depth, height, width } = masks;
  const sites = surfaces.reset({ depth, height, width });
  const rowLength = width + 2;
  const planeLength = (height + 2) * rowLength;
  let site = 0;
  for (let d = 1; d <= depth; d++) {
    for (let h = 1; h <= height; h++) {
      const row = d * planeLength + h * rowLength;
      for (let at = row + 1; at <= row + width; at++, site++) {
        const bits = masks.bits[at] as number;
        const edges = bits === 0 ? 0 : bits & ~sharedByNeighbours(masks, at, rowLength, planeLength);
        sites[site] = edges === 0 ? 0 : addElements(edges, site, surfaces);
      }
    }
  }
}

function sharedByNeighbours(masks: CroppedMasks, at: number, rowLength: number, planeLength: number): number {
  const bits = masks.bits;
  const inPlane =
    (bits[at - 1] as number) &
    (bits[at + 1] as number) &
    (bits[at - rowLength] as number) &
    (bits[at + rowLength] as number);
  if (masks.flat) return inPlane;
  return inPlane & (bits[at - planeLength] as number) & (bits[at + planeLength] as number);
}

function addElements(edges: number, position: number, surfaces: SurfacePair): number {
  let site = 0;
  if (edges & PREDICTION_BIT) {
    surfaces.prediction.add(position, EDGE_VOXEL);
    site |= PREDICTION_SITE;
  }
  if (edges & REFERENCE_BIT) {
    surfaces.reference.add(position, EDGE_VOXEL);
    site |= REFERENCE_SITE;
  }
  return site;
}
