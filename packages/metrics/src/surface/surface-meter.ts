import type { Grid } from '../grid.js';
import type { Convention, TwoWayDistances } from './conventions.js';
import type { CroppedMasks } from './cropped-masks.js';
import { DirectedDistances } from './directed-distances.js';
import { DistanceField } from './distance-field.js';
import { PREDICTION_SITE, REFERENCE_SITE, SurfacePair } from './surface.js';

/** Measures the distances between the surfaces of two masks, in buffers that all structures of a case share. */
export class SurfaceMeter {
  readonly #grid: Grid;
  readonly #convention: Convention;
  readonly #sizes: Float64Array;
  readonly #surfaces: SurfacePair = new SurfacePair();
  readonly #field: DistanceField = new DistanceField();

  constructor(grid: Grid, convention: Convention) {
    this.#grid = grid;
    this.#convention = convention;
    this.#sizes = convention.sizes(grid);
  }

  /** Distances in mm in both directions, valid until the next call. Neither mask may be empty. */
  measure(masks: CroppedMasks): TwoWayDistances {
    this.#convention.findSurfaces(masks, this.#surfaces);
    const { prediction, reference } = this.#surfaces;
    this.#loadField(REFERENCE_SITE);
    const fromPrediction = this.#field.measure(prediction);
    this.#loadField(PREDICTION_SITE);
    const fromReference = this.#field.measure(reference);
    return {
      toReference: new DirectedDistances(fromPrediction, prediction.codes, prediction.count, this.#sizes),
      toPrediction: new DirectedDistances(fromReference, reference.codes, reference.count, this.#sizes),
    };
  }

  #loadField(site: number): void {
    this.#field.load(this.#surfaces.sites(), site, this.#surfaces.grid, this.#grid.spacing);
  }
}
