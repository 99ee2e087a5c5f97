import type { NamedCase } from '@bipvl/metrics';
import type { CaseFiles, Recipe, Volume } from '@bipvl/preprocess';
import { readCaseImage } from '@bipvl/preprocess/node';
import {
  type Label,
  type Predictor,
  type PredictVolumeOptions,
  predictVolume,
  type SegmenterConfig,
} from '@bipvl/segmenter';
import { EvaluatorError } from '../errors.js';
import { scoreCase } from '../evaluate/score-case.js';
import { readMask } from '../files/read-mask.js';
import { requireSameGrid } from '../files/same-grid.js';
import { naming } from '../naming.js';
import type { CaseOverlay } from '../report/report-data.js';
import { OverlayGallery } from './overlay-gallery.js';

/** A way to segment, such as a bundle with its own texts or with swapped ones. */
export interface NamedPredictor {
  readonly key: string;
  readonly predictor: Predictor;
  readonly recipe: Recipe;
  readonly config: SegmenterConfig;
}

/** How far `evaluateCases` is: `done` of `total` predictions. */
export interface CasesProgress {
  readonly caseId: string;
  readonly key: string;
  readonly done: number;
  readonly total: number;
}

/** Which cases to predict and score, and by whom. */
export interface EvaluateCasesOptions
  extends Pick<PredictVolumeOptions, 'overlap' | 'blending' | 'maxBytes'> {
  /** Every case has a label file. */
  readonly cases: readonly CaseFiles[];
  /** All predict the same labels; overlays show the first. */
  readonly predictors: readonly [NamedPredictor, ...NamedPredictor[]];
  /** Tolerance of the surface Dice in mm. Default 1. */
  readonly nsdToleranceMm?: number;
  /** Stops at the next case or window. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CasesProgress) => void;
}

/** What `evaluateCases` found. */
export interface CasesEvaluation {
  /** By key of the predictor, in the order of the cases. */
  readonly results: ReadonlyMap<string, readonly NamedCase[]>;
  /** Worst, median and best case of the first predictor by mean DSC, for the report. */
  readonly overlays: readonly CaseOverlay[];
}

/**
 * Predicts and scores cases on their own grids, by several predictors side by side. Each file is opened once, and one case at a time is
 * held in memory.
 * @throws EvaluatorError `no-cases`, `no-label`, `different-labels`, `duplicate-key`, `grid-mismatch`; those of reading and predicting, all
 * naming the file or case.
 */
export async function evaluateCases(options: EvaluateCasesOptions): Promise<CasesEvaluation> {
  const { cases, predictors, nsdToleranceMm = 1, onProgress } = options;
  check(cases, predictors);
  const [{ key: shown, config, recipe }] = predictors;
  const results = new Map<string, NamedCase[]>(predictors.map(({ key }) => [key, []]));
  const gallery = new OverlayGallery(config.labels, recipe);
  const total = cases.length * predictors.length;
  let done = 0;
  for (const files of cases) {
    const { image, reference } = await openCase(files);
    for (const named of predictors) {
      const prediction = await naming(files.id, () => predictBy(named, image, options));
      const job = { prediction, reference, labels: config.labels, nsdToleranceMm };
      const result: NamedCase = { caseId: files.id, ...scoreCase(job) };
      results.get(named.key)?.push(result);
      if (named.key === shown) gallery.add(result, image, reference, prediction);
      done += 1;
      onProgress?.({ caseId: files.id, key: named.key, done, total });
    }
  }
  return { results, overlays: gallery.choose() };
}

function predictBy(
  { predictor, recipe, config }: NamedPredictor,
  image: Volume,
  options: EvaluateCasesOptions,
): Promise<Volume> {
  const { overlap, blending, maxBytes, signal } = options;
  return predictVolume(predictor, image, {
    recipe,
    config,
    onWindow: () => signal?.throwIfAborted(),
    ...(overlap === undefined ? {} : { overlap }),
    ...(blending === undefined ? {} : { blending }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
}

async function openCase(files: CaseFiles): Promise<{ image: Volume; reference: Volume }> {
  const { id, label } = files;
  if (label === undefined) {
    throw data('no-label', `case ${id} has no label file`, 'evaluate cases with labels only');
  }
  const image = await naming(id, () => readCaseImage(files));
  const reference = await readMask(label);
  requireSameGrid({ name: files.images.join(' + '), volume: image }, { name: label, volume: reference });
  return { image, reference };
}

function check(cases: readonly CaseFiles[], predictors: readonly NamedPredictor[]): void {
  if (cases.length === 0)
    throw data('no-cases', 'there is no case to evaluate', 'name at least one case with a label');
  const keys = predictors.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new EvaluatorError('duplicate-key', `two predictors have the key '${twice}'`, {
      kind: 'usage',
      hint: 'give each predictor its own key',
    });
  }
  const [first, ...others] = predictors;
  for (const { key, config } of others) {
    if (first === undefined || labelsOf(config.labels) === labelsOf(first.config.labels)) continue;
    throw new EvaluatorError(
      'different-labels',
      `predictor '${key}' segments ${labelsOf(config.labels)}, '${first.key}' ${labelsOf(first.config.labels)}`,
      { kind: 'usage', hint: 'compare segmenters of the same labels' },
    );
  }
}

/** In the order of the ids: the order of channels does not matter here. */
function labelsOf(labels: readonly Label[]): string {
  const sorted = [...labels].sort((a, b) => a.id - b.id);
  return sorted.map(({ id, name }) => `${id} ${name}`).join(', ');
}

function data(code: string, message: string, hint: string): EvaluatorError {
  return new EvaluatorError(code, message, { kind: 'data', hint });
}
