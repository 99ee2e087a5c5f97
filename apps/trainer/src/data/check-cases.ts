import type { Dataset, Fault } from '@bipvl/preprocess';
import { checkDataset } from '@bipvl/preprocess/node';
import { TrainerError } from '../errors.js';

export interface CheckCasesOptions {
  /** The only cases that are opened. */
  readonly cases: readonly string[];
  /** Where it is kept what was seen of each file; without it every file is opened. */
  readonly cacheFolder?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Checks a dataset and returns what is worth a warning.
 * @throws TrainerError `dataset-faults` naming the first fault and how many more there are.
 */
export async function checkCases(dataset: Dataset, options: CheckCasesOptions): Promise<Fault[]> {
  const faults = await checkDataset(dataset, options);
  const errors = faults.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return faults;
  const more =
    errors.length > 1 ? ` (and ${errors.length - 1} more: bipvl-trainer check ${dataset.folder})` : '';
  throw new TrainerError('dataset-faults', `${first.file}: ${first.fault}${more}`, {
    kind: 'data',
    hint: first.mend,
  });
}
