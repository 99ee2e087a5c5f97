import { RandomStream } from './random-stream.js';

/** What a forward pass needs to know beside its inputs: whether it trains, and where its randomness comes from. */
export interface Context {
  readonly training: boolean;
  readonly random: RandomStream;
}

/** Evaluation: no dropout, no noise, running statistics. */
export function evaluation(): Context {
  return { training: false, random: new RandomStream(0) };
}

/** Training step `step` of the run with this seed; the same step always draws the same numbers. */
export function training(seed: number, step: number): Context {
  return { training: true, random: new RandomStream(seed).at('step', step) };
}

/** The same context with the random stream of a named part, so that two dropout layers never share a mask. */
export function within(context: Context, ...path: readonly (string | number)[]): Context {
  return { training: context.training, random: context.random.at(...path) };
}
