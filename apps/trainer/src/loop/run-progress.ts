import type { ValidationScore } from './train-event.js';

/** Where a run stands: with the configuration, all that decides what comes next. */
export interface RunProgress {
  /** How many steps are done. */
  readonly step: number;
  /** The step after which the last validation was done; 0 before the first. */
  readonly validated: number;
  readonly best: ValidationScore | null;
  /** Time spent training, resumed sessions together. */
  readonly seconds: number;
}

export const beginning: RunProgress = { step: 0, validated: 0, best: null, seconds: 0 };

/** Whether a score is better than the best so far; the earlier wins a tie. */
export function isBetter(score: ValidationScore, best: ValidationScore | null): boolean {
  return best === null || (score.meanDsc ?? -1) > (best.meanDsc ?? -1);
}
