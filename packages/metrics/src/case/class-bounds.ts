import type { Box } from './box.js';

/** The boxes around the voxels of each class, grown run by run. */
export class ClassBounds {
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(classes: number) {
    this.#low = new Float64Array(classes * 3).fill(Number.POSITIVE_INFINITY);
    this.#high = new Float64Array(classes * 3).fill(Number.NEGATIVE_INFINITY);
  }

  /** Takes in the run of voxels `[depth, height, start..end)`. */
  extend(index: number, depth: number, height: number, start: number, end: number): void {
    this.#include(index * 3, depth, depth + 1);
    this.#include(index * 3 + 1, height, height + 1);
    this.#include(index * 3 + 2, start, end);
  }

  /** Undefined for a class without voxels. */
  box(index: number): Box | undefined {
    const [d = 0, h = 0, w = 0] = this.#low.subarray(index * 3);
    const [depthEnd = 0, heightEnd = 0, widthEnd = 0] = this.#high.subarray(index * 3);
    return d < depthEnd ? { start: [d, h, w], end: [depthEnd, heightEnd, widthEnd] } : undefined;
  }

  #include(at: number, start: number, end: number): void {
    if (start < (this.#low[at] as number)) this.#low[at] = start;
    if (end > (this.#high[at] as number)) this.#high[at] = end;
  }
}
