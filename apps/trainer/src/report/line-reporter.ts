import type { ProgressEvent, StepEvent, TrainEvent } from '../loop/train-event.js';
import { RemainingTime } from './remaining-time.js';
import type { TrainingReporter } from './reporter.js';
import { checkpointText, endText, startText, stepText, validationText } from './wording.js';

/** Milliseconds between two lines about the same work. */
const pace = 5000;

/** One line for each thing worth knowing, and at least one every few seconds; for pipes and logs. */
export class LineReporter implements TrainingReporter {
  readonly #stream: NodeJS.WritableStream;
  readonly #now: () => number;
  #remaining: RemainingTime | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WritableStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
  }

  onEvent(event: TrainEvent): void {
    const text = this.#textOf(event);
    if (text === undefined) return;
    this.#last = this.#now();
    this.#stream.write(`${text}\n`);
  }

  stop(): void {}

  #textOf(event: TrainEvent): string | undefined {
    switch (event.type) {
      case 'progress':
        return this.#progress(event);
      case 'step':
        return this.#step(event);
      case 'start':
        this.#remaining = new RemainingTime(event.step, this.#now);
        return startText(event);
      case 'notice':
        return `note: ${event.message}`;
      case 'validation':
        return validationText(event);
      case 'checkpoint':
        return checkpointText(event);
      case 'end':
        return endText(event);
    }
  }

  #progress({ what, done, total }: ProgressEvent): string | undefined {
    return done === 1 || this.#isTime() ? `${what}: ${done}/${total}` : undefined;
  }

  #step(event: StepEvent): string | undefined {
    if (event.step !== 1 && event.step !== event.steps && !this.#isTime()) return undefined;
    return stepText(event, this.#remaining?.text(event.step, event.steps) ?? 'unknown time');
  }

  #isTime(): boolean {
    return this.#now() - this.#last >= pace;
  }
}
