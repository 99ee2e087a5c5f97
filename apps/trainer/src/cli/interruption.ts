/** Signals that end a run after a save, and the exit codes that shells expect of them. */
const exitCodeOf = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type EndingSignal = keyof typeof exitCodeOf;

/** Turns the first ending signal into an abort; a second one ends the process at once. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #listener = (signal: NodeJS.Signals) => this.#receive(signal as EndingSignal);
  #code: number | null = null;

  constructor() {
    for (const signal of Object.keys(exitCodeOf)) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Exit code of a command that was interrupted; null before that. */
  get exitCode(): number | null {
    return this.#code;
  }

  stopListening(): void {
    for (const signal of Object.keys(exitCodeOf)) process.off(signal, this.#listener);
  }

  #receive(signal: EndingSignal): void {
    if (this.#code !== null) process.exit(exitCodeOf[signal]);
    this.#code = exitCodeOf[signal];
    process.stderr.write(`\n${signal}: finishing this step and saving; once more to stop at once\n`);
    this.#controller.abort();
  }
}
