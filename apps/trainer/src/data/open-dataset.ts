import type { Dataset } from '@bipvl/preprocess';
import { readDataset } from '@bipvl/preprocess/node';
import type { RunConfig } from '../config/run-config.js';

/** The dataset of a run. @throws PreprocessError where the folder does not hold what the configuration says. */
export async function openDataset({ data, dataset }: Pick<RunConfig, 'data' | 'dataset'>): Promise<Dataset> {
  return readDataset(data, dataset === null ? {} : { recipe: dataset });
}
