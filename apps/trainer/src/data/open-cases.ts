import { RandomStream } from '@bipvl/nn';
import type { CaseFiles, Dataset } from '@bipvl/preprocess';
import { openPatchLoader, type PatchLoader } from '@bipvl/preprocess/node';
import type { ResolvedConfig } from '../config/run-config.js';
import { TrainerError } from '../errors.js';
import { type BatchOrderOptions, batchOrder } from './batches.js';
import { pairsInChannels } from './pairs-in-channels.js';
import type { RunCases } from './run-cases.js';

export interface OpenCasesOptions {
  readonly config: ResolvedConfig;
  readonly cases: RunCases;
  /** Where prepared cases are kept. */
  readonly cacheFolder: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Prepares the cases of a fold, those that train and those that validate and no others, and opens them for drawing.
 * @throws TrainerError `unknown-case`; PreprocessError of a case that cannot be prepared; the signal's reason.
 */
export async function openCases(dataset: Dataset, options: OpenCasesOptions): Promise<PatchLoader> {
  const { config, cases, cacheFolder, onProgress, onNotice, signal } = options;
  const { recipe, sampling, segmenter, loading } = config;
  const labelIds = segmenter.labels.map(({ id }) => id);
  const { positiveFraction, balanceClasses, backgroundAbove } = sampling;
  return openPatchLoader({
    cases: filesOf(dataset, [...cases.train, ...cases.validation]),
    prepare: { recipe, labelIds, backgroundAbove },
    sampling: { size: segmenter.image.patch, positiveFraction, balanceClasses, fill: recipe.padValue },
    augmentation: pairsInChannels(config.augmentation, labelIds),
    cacheFolder,
    order: batchOrder(batchOrderOptions(config, cases)),
    ...(loading.workers === null ? {} : { workers: loading.workers }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onNotice === undefined ? {} : { onNotice }),
    signal,
  });
}

/** How the batches of a run follow from its configuration. */
export function batchOrderOptions(
  { seed, sampling }: ResolvedConfig,
  { train }: RunCases,
): BatchOrderOptions {
  return { cases: train, batch: sampling.batch, random: new RandomStream(seed).at('sampling') };
}

function filesOf(dataset: Dataset, ids: readonly string[]): CaseFiles[] {
  const files = new Map(dataset.cases.map((each) => [each.id, each]));
  return ids.map((id) => {
    const found = files.get(id);
    if (found === undefined) throw unknownCase(id, dataset.folder);
    return found;
  });
}

function unknownCase(id: string, folder: string): TrainerError {
  return new TrainerError('unknown-case', `the split names case ${id}, which ${folder} does not have`, {
    kind: 'data',
    hint: 'correct splits.json, or add the case',
  });
}
