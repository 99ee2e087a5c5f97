import { interpolatedQuantile, weightedQuantile } from './quantile.js';

/** Distances in mm from the elements of one surface to the nearest element of the other, each with its size. */
export class DirectedDistances {
  readonly count: number;
  readonly #distances: Float64Array;
  readonly #codes: Uint8Array;
  readonly #sizes: Float64Array;

  /** Element i has the size `sizes[codes[i]]`; the arrays may be longer than `count` and are reordered. */
  constructor(distances: Float64Array, codes: Uint8Array, count: number, sizes: Float64Array) {
    this.#distances = distances;
    this.#codes = codes;
    this.count = count;
    this.#sizes = sizes;
  }

  /** Size of the surface: mm² of surfels, mm of contour, or the number of edge voxels. */
  size(): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.#sizes[this.#codes[i] as number] as number;
    return sum;
  }

  /** Size of the part of the surface whose distance is at most `toleranceMm`. */
  sizeWithin(toleranceMm: number): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) {
      if ((this.#distances[i] as number) <= toleranceMm)
        sum += this.#sizes[this.#codes[i] as number] as number;
    }
    return sum;
  }

  /** Sum over the elements of distance times size. */
  moment(): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) {
      sum += (this.#distances[i] as number) * (this.#sizes[this.#codes[i] as number] as number);
    }
    return sum;
  }

  /** Mean distance in mm, weighted by size. */
  mean(): number {
    return this.moment() / this.size();
  }

  max(): number {
    let max = 0;
    for (let i = 0; i < this.count; i++) max = Math.max(max, this.#distances[i] as number);
    return max;
  }

  /** Smallest distance in mm within which the given fraction of the surface's size lies. */
  weightedQuantile(fraction: number): number {
    if (fraction === 1) return this.max();
    return weightedQuantile(this.#distances, this.#codes, this.#sizes, this.count, fraction);
  }

  /** Percentile in mm over unweighted elements, linearly interpolated; the elements must have equal sizes. */
  interpolatedQuantile(fraction: number): number {
    return interpolatedQuantile(this.#distances, this.count, fraction);
  }

  /** A copy of the distances in mm, in no particular order. */
  toArray(): Float64Array {
    return this.#distances.slice(0, this.count);
  }
}
