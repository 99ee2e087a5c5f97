import type { Vector } from '../grid.js';
import { type CroppedMasks, PREDICTION_BIT, REFERENCE_BIT } from '../surface/cropped-masks.js';
import { DistanceField } from '../surface/distance-field.js';
import { ReusableArray } from '../surface/reusable-array.js';
import { Surface, type SurfaceGrid } from '../surface/surface.js';

const OUTSIDE = 1;
const PREDICTION_RIM = 1;
const REFERENCE_RIM = 2;
const BOTH_RIMS = PREDICTION_RIM | REFERENCE_RIM;

/** Compares the rims of two masks, in buffers that all labels of a case share. */
export class BoundaryMeter {
  readonly #spacing: Vector;
  readonly #widthMm: number;
  readonly #field: DistanceField = new DistanceField();
  readonly #inside: Surface = new Surface();
  readonly #sites: ReusableArray<Uint8Array> = new ReusableArray((length) => new Uint8Array(length));
  readonly #rims: ReusableArray<Uint8Array> = new ReusableArray((length) => new Uint8Array(length));

  /** A rim is the part of a mask within `widthMm` of the nearest voxel outside it. */
  constructor(spacing: Vector, widthMm: number) {
    this.#spacing = spacing;
    this.#widthMm = widthMm;
  }

  /**
   * Intersection over union of the two rims; null where both are empty, as at a width below the spacing. The border of
   * the crop is outside, and no voxel beyond it is nearer, so distances are those in the whole volume.
   */
  intersectionOverUnion(masks: CroppedMasks): number | null {
    const plane = (masks.height + 2) * (masks.width + 2);
    const grid = {
      depth: masks.flat ? 1 : masks.depth + 2,
      height: masks.height + 2,
      width: masks.width + 2,
    };
    const bits = masks.flat ? masks.bits.subarray(plane, 2 * plane) : masks.bits;
    const size = grid.depth * plane;
    const rims = this.#rims.take(size).fill(0, 0, size);
    this.#markRim(bits, PREDICTION_BIT, grid, rims, PREDICTION_RIM);
    this.#markRim(bits, REFERENCE_BIT, grid, rims, REFERENCE_RIM);
    let intersection = 0;
    let union = 0;
    for (let i = 0; i < size; i++) {
      if (rims[i] !== 0) union++;
      if (rims[i] === BOTH_RIMS) intersection++;
    }
    return union === 0 ? null : intersection / union;
  }

  #markRim(bits: Uint16Array, bit: number, grid: SurfaceGrid, rims: Uint8Array, mark: number): void {
    const size = grid.depth * grid.height * grid.width;
    const sites = this.#sites.take(size);
    const inside = this.#inside;
    inside.count = 0;
    for (let i = 0; i < size; i++) {
      const isInside = ((bits[i] as number) & bit) !== 0;
      sites[i] = isInside ? 0 : OUTSIDE;
      if (isInside) inside.add(i, 0);
    }
    this.#field.load(sites, OUTSIDE, grid, this.#spacing);
    const distances = this.#field.measure(inside);
    for (let i = 0; i < inside.count; i++) {
      const position = inside.positions[i] as number;
      if ((distances[i] as number) <= this.#widthMm) rims[position] = (rims[position] as number) | mark;
    }
  }
}
