import { availableParallelism } from 'node:os';
import { EngineError } from './errors.js';

/** TensorFlow reads it once, when its first operation runs. */
export const threadsVariable = 'TF_NUM_INTRAOP_THREADS';

/** Threads one operation of the engine may use: the variable where set, else one per core this process may run on. */
export function threadCount(environment: NodeJS.ProcessEnv = process.env): number {
  const chosen = Number(environment[threadsVariable] ?? 0);
  return Number.isInteger(chosen) && chosen > 0 ? chosen : availableParallelism();
}

/** Refuses a thread count that is no positive whole number. Throws `threads-invalid`. */
export function checkThreads(threads: number): void {
  if (Number.isInteger(threads) && threads > 0) return;
  throw new EngineError('threads-invalid', `threads: expected a whole number from 1, got ${threads}`, {
    kind: 'usage',
    hint: 'give a number of cores, or leave it out to use them all',
  });
}
