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
  #scores: readonly string[] = [];
  readonly #rows: cliProgress.SingleBar[] = [];

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
        this.#show(event.what, event.done, event.total, '', []);
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
        this.#scores = [`validation DSC ${classText(event.dsc)}`];
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
    this.#rows.length = 0;
    this.#what = '';
  }

  #step({ step, steps, epoch, epochs, losses, learningRate }: StepEvent): void {
    const remaining = this.#remaining?.text(step, steps) ?? 'unknown time';
    const text = ` | ${remaining} to go | epoch ${epoch}/${epochs} | learning rate ${rate(learningRate)}`;
    this.#show('training', step, steps, text, [`loss ${lossText(losses)}`, ...this.#scores]);
  }

  /** A bar, and rows of text below it: one line would not fit a terminal. */
  #show(what: string, done: number, total: number, text: string, below: readonly string[]): void {
    if (this.#bar === undefined || this.#what !== what) {
      this.#clear();
      this.#bar = this.#bars.create(total, done, { what, text });
      this.#what = what;
    }
    this.#bar.update(done, { what, text });
    for (const [row, line] of below.entries()) {
      this.#rows[row] ??= this.#bars.create(1, 0, { text: line }, { format: '  {text}' });
      this.#rows[row].update(0, { text: line });
    }
  }

  #clear(): void {
    for (const bar of [this.#bar, ...this.#rows]) if (bar !== undefined) this.#bars.remove(bar);
    this.#rows.length = 0;
  }

  #line(text: string): void {
    if (this.#bar === undefined) this.#stream.write(`${text}\n`);
    else this.#bars.log(`${text}\n`);
  }
}
