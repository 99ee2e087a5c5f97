import type { ValidationScore } from './loop/train-event.js';

/** How a run ended. */
export interface TrainResult {
  readonly status: 'finished' | 'interrupted';
  readonly folder: string;
  /** How many steps are done, and how many there are. */
  readonly step: number;
  readonly steps: number;
  readonly best: ValidationScore | null;
  /** Folder of the bundle with the best validated weights; null where the run was interrupted. */
  readonly bundle: string | null;
  /** Time spent training, resumed sessions together. */
  readonly seconds: number;
}
