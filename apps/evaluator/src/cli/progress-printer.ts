import { canDrawBars } from '@bipvl/engine/command-line';
import { SingleBar } from 'cli-progress';

const silenceMs = 10_000;

/** A bar on a terminal; when piped, a line an item and one every ten seconds. On standard error, so that results stay apart. */
export class ProgressPrinter {
  #bar: SingleBar | undefined;
  #title = '';
  #lastLine: number = performance.now();

  /** `done` items of `total` are ready, and of the next one the given part, from 0 to 1. */
  update(title: string, name: string, done: number, total: number, part?: number): void {
    if (canDrawBars(process.stderr)) this.#draw(title, name, done, total, part ?? 0);
    else if (part === undefined) this.#line(`${title} ${done}/${total} ${name}`);
    else if (performance.now() - this.#lastLine > silenceMs) {
      this.#line(`${title} ${done}/${total}, ${Math.round(100 * part)} % of ${name}`);
    }
  }

  /** Gives the terminal back. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #line(text: string): void {
    process.stderr.write(`${text}\n`);
    this.#lastLine = performance.now();
  }

  #draw(title: string, name: string, done: number, total: number, part: number): void {
    if (title !== this.#title) this.#start(title, total);
    this.#bar?.update(done + part, { name, done });
    if (done === total) this.stop();
  }

  #start(title: string, total: number): void {
    this.stop();
    this.#title = title;
    const format = `${title} [{bar}] {done}/{total} {name} | ETA {eta_formatted}`;
    // Its own way with signals would swallow the first Ctrl-C.
    const options = { format, stream: process.stderr, hideCursor: true, etaBuffer: 50, gracefulExit: false };
    this.#bar = new SingleBar(options);
    this.#bar.start(total, 0, { name: '', done: 0 });
  }
}
