import type { Dataset, DatasetRecipeName, Fault, Fingerprint } from '@bipvl/preprocess';
import { checkDataset, fingerprintDataset, readDataset } from '@bipvl/preprocess/node';

export interface CheckRunOptions {
  /** Folder of a Decathlon or nnU-Net dataset, or of the dataset that `recipe` names. */
  readonly data: string;
  /** Reads the folder as this dataset of the paper, and checks that it is. */
  readonly recipe?: DatasetRecipeName;
  /** Folder that keeps what was seen of each file, so that the next check opens only what has changed. */
  readonly cacheFolder?: string;
  /** Also takes the fingerprint, where no error was found; with the ids of the cases where `caseIds` is true. */
  readonly fingerprint?: { readonly caseIds: boolean };
  readonly onProgress?: (what: 'checking cases' | 'measuring cases', done: number, total: number) => void;
}

/** A dataset as it was found, and everything wrong with it. */
export interface CheckResult {
  readonly dataset: Dataset;
  /** Cases that were looked into: all but the held-out ones. */
  readonly opened: number;
  readonly faults: readonly Fault[];
  /** Undefined where none was asked for, and where an error stands in its way. */
  readonly fingerprint?: Fingerprint;
}

/** Finds everything wrong with a dataset. @throws PreprocessError where there is no dataset to look at. */
export async function check(options: CheckRunOptions): Promise<CheckResult> {
  const { data, recipe, cacheFolder, fingerprint, onProgress } = options;
  const dataset = await readDataset(data, recipe === undefined ? {} : { recipe });
  const heldOut = new Set(dataset.splits?.heldOut);
  const cases = dataset.cases.map(({ id }) => id).filter((id) => !heldOut.has(id));
  const faults = await checkDataset(dataset, {
    cases,
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    onProgress: (done, total) => onProgress?.('checking cases', done, total),
  });
  const result = { dataset, opened: cases.length, faults };
  if (fingerprint === undefined || faults.some(({ severity }) => severity === 'error')) return result;
  const taken = await fingerprintDataset(dataset, {
    withCaseIds: fingerprint.caseIds,
    onProgress: (done, total) => onProgress?.('measuring cases', done, total),
  });
  return { ...result, fingerprint: taken };
}
