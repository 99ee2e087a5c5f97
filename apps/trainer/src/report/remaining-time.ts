import { duration } from './wording.js';

/** How long the rest of a run will take, from how long the steps so far took, validations and checkpoints included. */
export class RemainingTime {
  readonly #now: () => number;
  readonly #started: number;
  readonly #firstStep: number;

  /** @param now milliseconds. */
  constructor(firstStep: number, now: () => number) {
    this.#now = now;
    this.#started = now();
    this.#firstStep = firstStep;
  }

  text(step: number, steps: number): string {
    const done = step - this.#firstStep;
    return done < 1
      ? 'unknown time'
      : duration((((this.#now() - this.#started) / done) * (steps - step)) / 1000);
  }
}
