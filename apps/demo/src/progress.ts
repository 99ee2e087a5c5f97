import { canDrawBars } from '@bipvl/engine/command-line';
import { Presets, SingleBar } from 'cli-progress';
import { say } from './say.js';

/** Milliseconds between two lines where there is no terminal for a bar. */
const pace = 5000;

/** Progress of work that is counted: a bar with the time left on a terminal, lines elsewhere. */
export class Progress {
  readonly #what: string;
  readonly #bar: SingleBar | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(what: string, environment: NodeJS.ProcessEnv) {
    this.#what = what;
    this.#bar = canDrawBars(process.stdout, environment)
      ? new SingleBar(
          { format: `${what} {bar} {value}/{total}, {eta_formatted} left`, hideCursor: true },
          Presets.shades_classic,
        )
      : undefined;
  }

  update(done: number, total: number): void {
    if (this.#bar) {
      if (!this.#bar.isActive) this.#bar.start(total, done);
      this.#bar.update(done);
      if (done === total) this.#bar.stop();
      return;
    }
    if (done !== total && performance.now() - this.#last < pace) return;
    this.#last = performance.now();
    say(`${this.#what}: ${done}/${total}`);
  }

  /** Leaves the terminal as it was. */
  stop(): void {
    this.#bar?.stop();
  }
}
