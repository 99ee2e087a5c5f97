import type { Grid, LabelMap } from '../grid.js';
import type { Box } from './box.js';

/** Voxel counts of every pair (predicted id, reference id) among the ids asked for, and the box of each id. */
export interface Confusion {
  /** Voxels predicted as one of `predicted` that are one of `reference` in the reference. */
  count(predicted: readonly number[], reference: readonly number[]): number;
  /** Voxels that prediction (or reference) gives one of these ids. */
  predictedVoxels(ids: readonly number[]): number;
  referenceVoxels(ids: readonly number[]): number;
  /** Boxes around the voxels of these ids in prediction and reference together. */
  boxes(ids: readonly number[]): Box[];
}

/** Counts and boxes of all ids, in one pass over both label maps; ids not asked for count as one "other" class. */
export function countVoxels(
  prediction: LabelMap,
  reference: LabelMap,
  grid: Grid,
  ids: readonly number[],
): Confusion {
  const known = [...new Set(ids)];
  const classes = known.length + 1;
  const classOf = new Uint16Array(Math.max(...known) + 1);
  for (const [index, id] of known.entries()) classOf[id] = index + 1;
  const counts = new Float64Array(classes * classes);
  const bounds = new Bounds(classes);
  scanRuns(prediction, reference, grid, (predicted, actual, depth, height, start, end) => {
    const row = classOf[predicted] ?? 0;
    const column = classOf[actual] ?? 0;
    const cell = row * classes + column;
    counts[cell] = (counts[cell] ?? 0) + end - start;
    if (row > 0) bounds.extend(row, depth, height, start, end);
    if (column > 0 && column !== row) bounds.extend(column, depth, height, start, end);
  });
  return new ClassConfusion(counts, classes, classOf, bounds);
}

/** Calls `visit` for each run of voxels along W in which neither label map changes. */
function scanRuns(
  prediction: LabelMap,
  reference: LabelMap,
  { depth, height, width }: Grid,
  visit: (
    predicted: number,
    actual: number,
    depth: number,
    height: number,
    start: number,
    end: number,
  ) => void,
): void {
  for (let d = 0, row = 0; d < depth; d++) {
    for (let h = 0; h < height; h++, row += width) {
      let predicted = prediction[row] as number;
      let actual = reference[row] as number;
      let start = 0;
      for (let w = 1; w < width; w++) {
        if (prediction[row + w] === predicted && reference[row + w] === actual) continue;
        visit(predicted, actual, d, h, start, w);
        predicted = prediction[row + w] as number;
        actual = reference[row + w] as number;
        start = w;
      }
      visit(predicted, actual, d, h, start, width);
    }
  }
}

class Bounds {
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(classes: number) {
    this.#low = new Float64Array(classes * 3).fill(Number.POSITIVE_INFINITY);
    this.#high = new Float64Array(classes * 3).fill(Number.NEGATIVE_INFINITY);
  }

  extend(index: number, depth: number, height: number, start: number, end: number): void {
    this.#include(index * 3, depth, depth + 1);
    this.#include(index * 3 + 1, height, height + 1);
    this.#include(index * 3 + 2, start, end);
  }

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

class ClassConfusion implements Confusion {
  readonly #counts: Float64Array;
  readonly #classes: number;
  readonly #classOf: Uint16Array;
  readonly #bounds: Bounds;

  constructor(counts: Float64Array, classes: number, classOf: Uint16Array, bounds: Bounds) {
    this.#counts = counts;
    this.#classes = classes;
    this.#classOf = classOf;
    this.#bounds = bounds;
  }

  count(predicted: readonly number[], reference: readonly number[]): number {
    return this.#sum(this.#classesOf(predicted), this.#classesOf(reference));
  }

  predictedVoxels(ids: readonly number[]): number {
    return this.#sum(this.#classesOf(ids), this.#all());
  }

  referenceVoxels(ids: readonly number[]): number {
    return this.#sum(this.#all(), this.#classesOf(ids));
  }

  boxes(ids: readonly number[]): Box[] {
    return this.#classesOf(ids).flatMap((index) => this.#bounds.box(index) ?? []);
  }

  #classesOf(ids: readonly number[]): number[] {
    return [...new Set(ids)].map((id) => this.#classOf[id] ?? 0);
  }

  #all(): number[] {
    return Array.from({ length: this.#classes }, (_, index) => index);
  }

  #sum(rows: readonly number[], columns: readonly number[]): number {
    let sum = 0;
    for (const row of rows)
      for (const column of columns) sum += this.#counts[row * this.#classes + column] ?? 0;
    return sum;
  }
}
