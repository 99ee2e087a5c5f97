import { ReusableArray } from './reusable-array.js';

/** Extent of the grid in which surface elements lie. */
export interface SurfaceGrid {
  readonly depth: number;
  readonly height: number;
  readonly width: number;
}

/** The bit that marks the surface elements of prediction and reference among the sites. */
export const PREDICTION_SITE = 1;
export const REFERENCE_SITE = 2;

const FIRST_CAPACITY = 4096;

/** The surface elements of one mask, in the order of the grid. */
export class Surface {
  count = 0;
  /** Index of each element in the grid, `(d * height + h) * width + w`. */
  positions: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Kind of each element; its size (mm², mm, or 1 for a voxel) stands in a table. */
  codes: Uint8Array = new Uint8Array(FIRST_CAPACITY);
  readonly #distances: ReusableArray<Float64Array> = new ReusableArray((length) => new Float64Array(length));

  add(position: number, code: number): void {
    if (this.count === this.positions.length) this.#grow();
    this.positions[this.count] = position;
    this.codes[this.count++] = code;
  }

  /** Room for a distance in mm for each element. */
  distances(): Float64Array {
    return this.#distances.take(this.count);
  }

  #grow(): void {
    const positions = new Int32Array(this.positions.length * 2);
    positions.set(this.positions);
    this.positions = positions;
    const codes = new Uint8Array(this.codes.length * 2);
    codes.set(this.codes);
    this.codes = codes;
  }
}

/** The surfaces of both masks in one grid, in buffers that each structure reuses. */
export class SurfacePair {
  grid: SurfaceGrid = { depth: 0, height: 0, width: 0 };
  readonly prediction: Surface = new Surface();
  readonly reference: Surface = new Surface();
  readonly #sites: ReusableArray<Uint8Array> = new ReusableArray((length) => new Uint8Array(length));

  /** Empties both surfaces and returns the sites, `[depth, height, width]`, for the caller to fill. */
  reset(grid: SurfaceGrid): Uint8Array {
    this.grid = grid;
    this.prediction.count = 0;
    this.reference.count = 0;
    return this.sites();
  }

  /** For each place of the grid the bits of the surfaces that have an element there. */
  sites(): Uint8Array {
    return this.#sites.take(this.grid.depth * this.grid.height * this.grid.width);
  }
}
