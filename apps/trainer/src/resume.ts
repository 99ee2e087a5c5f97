import { readRunConfig } from './run-folder/stored-config.js';
import { type TrainOptions, train } from './train.js';
import type { TrainResult } from './train-result.js';

export type ResumeOptions = Pick<TrainOptions, 'out' | 'signal' | 'onEvent'> & {
  /** Where the dataset lies now, if it has moved. */
  readonly data?: string | undefined;
};

/** Goes on with the run in a folder as if it had never stopped. @throws TrainerError `no-run`, `changed-since`, or what `train` throws. */
export async function resume({ data, ...options }: ResumeOptions): Promise<TrainResult> {
  const config = await readRunConfig(options.out);
  return train({ ...options, config: data === undefined ? config : { ...config, data }, resume: true });
}
