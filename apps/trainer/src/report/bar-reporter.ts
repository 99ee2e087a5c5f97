import cliProgress from 'cli-progress';
import type { StepEvent, TrainEvent } from '../loop/train-event.js';
import { RemainingTime } from './remaining-time.js';
import type { TrainingReporter } from './reporter.js';
import { classText, endText, lossText, rate, startText, validationText } from './wording.js';

/** One bar that the work moves, with finished lines above it. */
export class BarReporter implements TrainingReporter {
  readonly #bars: cliProgress.MultiBar;
  readonly #stream: NodeJS.WritableStream;
  readonly #now: () => number;
  #bar: cliProgress.SingleBar | undefined;
  #what = '';
  #remaining: RemainingTime | undefined;
  #scores = '';

  constructor(stream: NodeJS.WritableStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
    this.#bars = new cliProgress.MultiBar(
      {
        stream,
        format: '{what} {bar} {value}/{total}{text}',
        barsize: 20,
        hideCursor: true,
        clearOnComplete: true,
      },
      cliProgress.Presets.shades_classic,
    );
  }

  onEvent(event: TrainEvent): void {
    switch (event.type) {
      case 'progress':
        this.#show(event.what, event.done, event.total, '');
        break;
      case 'step':
        this.#step(event);
        break;
      case 'start':
        this.#remaining = new RemainingTime(event.step, this.#now);
        this.#line(startText(event));
        break;
      case 'notice':
        this.#line(`note: ${event.message}`);
        break;
      case 'validation':
        this.#scores = ` | DSC ${classText(event.dsc)}`;
        this.#line(validationText(event));
        break;
      case 'end':
        this.stop();
        this.#stream.write(`${endText(event)}\n`);
    }
  }

  stop(): void {
    this.#bars.stop();
    this.#bar = undefined;
    this.#what = '';
  }

  #step({ step, steps, epoch, epochs, losses, learningRate }: StepEvent): void {
    const remaining = this.#remaining?.text(step, steps) ?? 'unknown time';
    const text = ` | ${remaining} to go | epoch ${epoch}/${epochs}${this.#scores} | loss ${lossText(losses)} | rate ${rate(learningRate)}`;
    this.#show('training', step, steps, text);
  }

  #show(what: string, done: number, total: number, text: string): void {
    if (this.#bar === undefined || this.#what !== what) {
      if (this.#bar !== undefined) this.#bars.remove(this.#bar);
      this.#bar = this.#bars.create(total, done, { what, text });
      this.#what = what;
    }
    this.#bar.update(done, { what, text });
  }

  #line(text: string): void {
    if (this.#bar === undefined) this.#stream.write(`${text}\n`);
    else this.#bars.log(`${text}\n`);
  }
}
