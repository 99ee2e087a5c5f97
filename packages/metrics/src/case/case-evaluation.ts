import {
  createGrid,
  diagonalMm,
  distanceMm,
  type Grid,
  type LabelMap,
  millilitres,
  requireVoxels,
  voxelCount,
} from '../grid.js';
import { BoundaryMeter } from '../masks/boundary-meter.js';
import { lesionsOf } from '../masks/lesion-detection.js';
import { type Convention, conventions } from '../surface/conventions.js';
import { type CroppedMasks, MaskCropper } from '../surface/cropped-masks.js';
import { SurfaceMeter } from '../surface/surface-meter.js';
import { unionBox } from './box.js';
import type { LabelResult, Presence, VoxelCounts } from './case-result.js';
import { type Confusion, countVoxels } from './confusion.js';
import { idsOf, type Label } from './labels.js';
import type { EvaluateOptions } from './options.js';
import { overlapMetrics, presenceOf, voxelCountsOf } from './overlap.js';
import { surfaceMetrics } from './surface-metrics.js';

/** Measures the labels of one case one after the other, in buffers that they share. */
export class CaseEvaluation {
  readonly #grid: Grid;
  readonly #options: EvaluateOptions;
  readonly #convention: Convention;
  readonly #confusion: Confusion;
  readonly #cropper: MaskCropper;
  readonly #surfaces: SurfaceMeter;
  readonly #boundaries: BoundaryMeter | undefined;

  /** Counts the voxels of all labels at once. Throws `MetricsError` `bad-shape`, `bad-spacing` or `bad-length`. */
  constructor(prediction: LabelMap, reference: LabelMap, options: EvaluateOptions) {
    const grid = createGrid(options);
    requireVoxels(prediction, 'prediction', grid);
    requireVoxels(reference, 'reference', grid);
    const { boundaryWidthMm } = options;
    this.#grid = grid;
    this.#options = options;
    this.#convention = conventions[options.convention ?? 'surface-distance'];
    this.#confusion = countVoxels(prediction, reference, grid, options.labels.flatMap(idsOf));
    this.#cropper = new MaskCropper(prediction, reference, grid);
    this.#surfaces = new SurfaceMeter(grid, this.#convention);
    this.#boundaries =
      boundaryWidthMm === undefined ? undefined : new BoundaryMeter(grid.spacing, boundaryWidthMm);
  }

  evaluate(label: Label): LabelResult {
    const voxels = voxelCountsOf(this.#confusion, idsOf(label), voxelCount(this.#grid));
    const presence = presenceOf(voxels);
    const masks = this.#needsMasks(presence) ? this.#crop(label) : undefined;
    const distances = presence === 'both' && masks ? this.#surfaces.measure(masks) : undefined;
    return {
      label,
      name: label.name,
      presence,
      missed: presence === 'missed',
      hallucinated: presence === 'hallucinated',
      absent: presence === 'absent',
      ...overlapMetrics(voxels, presence),
      ...surfaceMetrics(distances, presence, this.#convention, diagonalMm(this.#grid), this.#options),
      centreOfMassDistanceMm: this.#centreOfMassDistance(label),
      ...this.#volumes(voxels),
      voxels,
      ...this.#boundaryIou(masks, presence),
      ...this.#lesions(masks),
    };
  }

  /** Lesions are counted wherever there are any; surfaces are compared only where there are two. */
  #needsMasks(presence: Presence): boolean {
    return presence === 'both' || (presence !== 'absent' && this.#options.lesions !== undefined);
  }

  #crop(label: Label): CroppedMasks | undefined {
    const ids = idsOf(label);
    const box = unionBox(this.#confusion.boxes(ids));
    return box && this.#cropper.crop(box, ids);
  }

  #centreOfMassDistance(label: Label): number | null {
    const predicted = this.#confusion.predictedCentre(idsOf(label));
    const actual = this.#confusion.referenceCentre(idsOf(label));
    return predicted === null || actual === null ? null : distanceMm(predicted, actual, this.#grid);
  }

  #volumes({ truePositive, falsePositive, falseNegative }: VoxelCounts): VolumeMetrics {
    return {
      predictionVolumeMl: millilitres(truePositive + falsePositive, this.#grid),
      referenceVolumeMl: millilitres(truePositive + falseNegative, this.#grid),
      volumeDifferenceMl: millilitres(falsePositive - falseNegative, this.#grid),
    };
  }

  /** As the IoU, undefined without a reference. */
  #boundaryIou(masks: CroppedMasks | undefined, presence: Presence): Pick<LabelResult, 'boundaryIou'> {
    if (this.#boundaries === undefined) return {};
    if (presence === 'both' && masks) return { boundaryIou: this.#boundaries.intersectionOverUnion(masks) };
    return { boundaryIou: presence === 'missed' ? 0 : null };
  }

  #lesions(masks: CroppedMasks | undefined): Pick<LabelResult, 'lesions'> {
    const { lesions } = this.#options;
    return lesions === undefined ? {} : { lesions: lesionsOf(masks, lesions) };
  }
}

type VolumeMetrics = Pick<LabelResult, 'predictionVolumeMl' | 'referenceVolumeMl' | 'volumeDifferenceMl'>;
