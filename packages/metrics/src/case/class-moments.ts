import type { Vector } from '../grid.js';

/** Voxels of each class and the sums of their coordinates, grown run by run; whole numbers, so exact below 2^53. */
export class ClassMoments {
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;

  constructor(classes: number) {
    this.#counts = new Float64Array(classes);
    this.#sums = new Float64Array(classes * 3);
  }

  /** Takes in the run of voxels `[depth, height, start..end)`. */
  add(index: number, depth: number, height: number, start: number, end: number): void {
    const length = end - start;
    const at = index * 3;
    this.#counts[index] = (this.#counts[index] as number) + length;
    this.#sums[at] = (this.#sums[at] as number) + depth * length;
    this.#sums[at + 1] = (this.#sums[at + 1] as number) + height * length;
    this.#sums[at + 2] = (this.#sums[at + 2] as number) + ((start + end - 1) * length) / 2;
  }

  /** Mean coordinates in voxels, `[D, H, W]`, of some classes together; null when they have no voxel. */
  centre(indices: readonly number[]): Vector | null {
    const count = this.#total(indices, (index) => this.#counts[index]);
    if (count === 0) return null;
    const mean = (axis: number): number =>
      this.#total(indices, (index) => this.#sums[index * 3 + axis]) / count;
    return [mean(0), mean(1), mean(2)];
  }

  #total(indices: readonly number[], partOf: (index: number) => number | undefined): number {
    return indices.reduce((sum, index) => sum + (partOf(index) ?? 0), 0);
  }
}
