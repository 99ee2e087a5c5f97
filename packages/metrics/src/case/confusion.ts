import type { Grid, LabelMap, Vector } from '../grid.js';
import { LabelWords } from '../label-words.js';
import type { Box } from './box.js';
import { ClassBounds } from './class-bounds.js';
import { ClassMoments } from './class-moments.js';
import { scanRuns } from './scan-runs.js';

/** Voxel counts of every pair (predicted id, reference id) among the ids asked for, with boxes and centres of mass. */
export interface Confusion {
  /** Voxels predicted as one of `predicted` that are one of `reference` in the reference. */
  count(predicted: readonly number[], reference: readonly number[]): number;
  /** Voxels that prediction (or reference) gives one of these ids. */
  predictedVoxels(ids: readonly number[]): number;
  referenceVoxels(ids: readonly number[]): number;
  /** Boxes around the voxels of these ids in prediction and reference together. */
  boxes(ids: readonly number[]): Box[];
  /** Centre of mass in voxels, `[D, H, W]`, of these ids in the prediction (or reference); null without a voxel. */
  predictedCentre(ids: readonly number[]): Vector | null;
  referenceCentre(ids: readonly number[]): Vector | null;
}

/** Counts, boxes and centres of all ids, in one pass over both label maps; other ids count as one "other" class. */
export function countVoxels(
  prediction: LabelMap,
  reference: LabelMap,
  grid: Grid,
  ids: readonly number[],
): Confusion {
  const known = [...new Set(ids)];
  const classOf = new Map(known.map((id, index) => [id, index + 1]));
  const tally = new ClassTally(classOf);
  const [predicted, actual] = [new LabelWords(prediction), new LabelWords(reference)];
  const rowOf = predicted.table(known, (id) => classOf.get(id) ?? 0);
  const columnOf = actual.table(known, (id) => classOf.get(id) ?? 0);
  scanRuns(predicted.words, actual.words, grid, (predictedWord, actualWord, depth, height, start, end) => {
    tally.add(rowOf[predictedWord] ?? 0, columnOf[actualWord] ?? 0, depth, height, start, end);
  });
  return tally;
}

class ClassTally implements Confusion {
  readonly #classOf: ReadonlyMap<number, number>;
  readonly #classes: number;
  readonly #counts: Float64Array;
  readonly #bounds: ClassBounds;
  readonly #predicted: ClassMoments;
  readonly #actual: ClassMoments;

  constructor(classOf: ReadonlyMap<number, number>) {
    this.#classOf = classOf;
    this.#classes = classOf.size + 1;
    this.#counts = new Float64Array(this.#classes * this.#classes);
    this.#bounds = new ClassBounds(this.#classes);
    this.#predicted = new ClassMoments(this.#classes);
    this.#actual = new ClassMoments(this.#classes);
  }

  add(row: number, column: number, depth: number, height: number, start: number, end: number): void {
    const cell = row * this.#classes + column;
    this.#counts[cell] = (this.#counts[cell] as number) + end - start;
    if (row > 0) {
      this.#bounds.extend(row, depth, height, start, end);
      this.#predicted.add(row, depth, height, start, end);
    }
    if (column > 0) {
      if (column !== row) this.#bounds.extend(column, depth, height, start, end);
      this.#actual.add(column, depth, height, start, end);
    }
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

  predictedCentre(ids: readonly number[]): Vector | null {
    return this.#predicted.centre(this.#classesOf(ids));
  }

  referenceCentre(ids: readonly number[]): Vector | null {
    return this.#actual.centre(this.#classesOf(ids));
  }

  #classesOf(ids: readonly number[]): number[] {
    return [...new Set(ids)].map((id) => this.#classOf.get(id) ?? 0);
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
