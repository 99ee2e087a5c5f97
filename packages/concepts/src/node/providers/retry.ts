import { setTimeout as sleep } from 'node:timers/promises';
import type { ConceptError } from '../../errors.js';

/** A failure of one attempt: whether another may help, and how long the server asked to wait, in milliseconds. */
export interface Failure {
  readonly error: ConceptError;
  readonly mayRetry: boolean;
  readonly retryAfter: number | null;
}

/** How an attempt ended. */
export type Attempt<T> = { readonly value: T } | Failure;

/** Waits some milliseconds; ends early with the signal's reason. */
export type Wait = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;

const firstWait = 500;
const longestWait = 60_000;

/** Waits by the clock. */
export const waitByClock: Wait = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
};

/**
 * Tries until it succeeds, fails for good, or has been tried `attempts` times. Between tries it waits as long as the server asks, up
 * to 60 s, else 0.5 s and then twice as long each time.
 */
export async function retry<T>(
  attempt: () => Promise<Attempt<T>>,
  attempts: number,
  wait: Wait,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt();
    if ('value' in outcome) return outcome.value;
    const pause = outcome.retryAfter ?? firstWait * 2 ** (tried - 1);
    if (!outcome.mayRetry || tried >= attempts || pause > longestWait) throw outcome.error;
    await wait(pause, signal);
  }
}
