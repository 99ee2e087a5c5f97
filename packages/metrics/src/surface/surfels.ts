import type { CroppedMasks } from './cropped-masks.js';
import { PREDICTION_SITE, REFERENCE_SITE, type SurfacePair } from './surface.js';

/**
 * Finds the surfels of both masks: every 2x2x2 neighbourhood (2x2 in a flat grid) that is neither empty nor full, with
 * its neighbour code. They lie at the corners of the voxels, so the grid has one place more than the box on each axis.
 */
export function findSurfels(masks: CroppedMasks, surfaces: SurfacePair): void {
  const grid = {
    depth: masks.flat ? 1 : masks.depth + 1,
    height: masks.height + 1,
    width: masks.width + 1,
  };
  const full = masks.flat ? 0x0f : 0xff;
  const sites = surfaces.reset(grid);
  const rowLength = masks.width + 2;
  const planeLength = (masks.height + 2) * rowLength;
  for (let d = 0, site = 0; d < grid.depth; d++) {
    for (let h = 0; h < grid.height; h++, site += grid.width) {
      codeRow(
        masks.bits,
        d * planeLength + h * rowLength,
        rowLength,
        planeLength,
        full,
        sites,
        site,
        surfaces,
      );
    }
  }
}

/** Each column of four voxels along W enters two codes: first as the upper half of its bit pairs, then as the lower. */
function codeRow(
  bits: Uint16Array,
  first: number,
  rowLength: number,
  planeLength: number,
  full: number,
  sites: Uint8Array,
  site: number,
  surfaces: SurfacePair,
): void {
  const everyFull = full | (full << 8);
  let previous = 0;
  for (let w = 0, at = first + 1; w < rowLength - 1; w++, at++) {
    const column =
      ((bits[at] as number) << 6) |
      ((bits[at + rowLength] as number) << 4) |
      ((bits[at + planeLength] as number) << 2) |
      (bits[at + planeLength + rowLength] as number);
    const codes = (previous << 1) | column;
    previous = column;
    sites[site + w] = codes === 0 || codes === everyFull ? 0 : addElements(codes, full, site + w, surfaces);
  }
}

function addElements(codes: number, full: number, position: number, surfaces: SurfacePair): number {
  const predictionCode = codes & 0xff;
  const referenceCode = codes >> 8;
  let site = 0;
  if (predictionCode !== 0 && predictionCode !== full) {
    surfaces.prediction.add(position, predictionCode);
    site |= PREDICTION_SITE;
  }
  if (referenceCode !== 0 && referenceCode !== full) {
    surfaces.reference.add(position, referenceCode);
    site |= REFERENCE_SITE;
  }
  return site;
}
