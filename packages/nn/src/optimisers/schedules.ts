import { NetworkError } from '../errors.js';

/** The learning rate of each step, counted from 0. */
export type Schedule = (step: number) => number;

export interface CosineOptions {
  /** Learning rate at the first step after the warm-up. Default 1e-4. */
  readonly from?: number;
  /** Learning rate at step `steps` and after. Default 1e-7. */
  readonly to?: number;
  /** Length of the whole run in steps, the warm-up included. */
  readonly steps: number;
  /** Steps over which the rate first rises linearly to `from`. Default 0. */
  readonly warmup?: number;
}

/**
 * Half a cosine from one learning rate to the other (Loshchilov and Hutter 2017, without restarts).
 * @throws NetworkError `bad-schedule`
 */
export function cosineSchedule({ from = 1e-4, to = 1e-7, steps, warmup = 0 }: CosineOptions): Schedule {
  if (!(Number.isInteger(steps) && steps >= 1))
    throw badSchedule('steps', 'a whole number of at least 1', steps);
  if (!(Number.isInteger(warmup) && warmup >= 0 && warmup < steps))
    throw badSchedule('warmup', `a whole number below ${steps}`, warmup);
  if (!(Number.isFinite(from) && from > 0)) throw badSchedule('from', 'a positive number', from);
  if (!(to >= 0 && to <= from)) throw badSchedule('to', `a number from 0 to ${from}`, to);
  return (step) => {
    if (step < warmup) return (from * (step + 1)) / (warmup + 1);
    const progress = Math.min(1, (step - warmup) / (steps - warmup));
    return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2;
  };
}

function badSchedule(key: string, wanted: string, got: number): NetworkError {
  return new NetworkError(
    'bad-schedule',
    `${key} of the learning-rate schedule must be ${wanted}, got ${got}`,
    { hint: `change ${key}` },
  );
}
