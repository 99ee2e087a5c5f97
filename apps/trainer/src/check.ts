import type { Dataset, Fault } from '@bipvl/preprocess';
import { checkDataset, readDataset } from '@bipvl/preprocess/node';

export interface CheckRunOptions {
  /** Folder of a Decathlon or nnU-Net dataset. */
  readonly data: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A dataset as it was found, and everything wrong with it. */
export interface CheckResult {
  readonly dataset: Dataset;
  /** Cases that were opened: all but the held-out ones. */
  readonly opened: number;
  readonly faults: readonly Fault[];
}

/** Finds everything wrong with a dataset. @throws PreprocessError where there is no dataset to look at. */
export async function check({ data, onProgress }: CheckRunOptions): Promise<CheckResult> {
  const dataset = await readDataset(data);
  const heldOut = new Set(dataset.splits?.heldOut);
  const cases = dataset.cases.map(({ id }) => id).filter((id) => !heldOut.has(id));
  const faults = await checkDataset(dataset, onProgress === undefined ? { cases } : { cases, onProgress });
  return { dataset, opened: cases.length, faults };
}
