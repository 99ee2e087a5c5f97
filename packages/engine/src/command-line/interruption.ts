/** Signals that ask a command to stop, and the exit codes that shells expect after them. */
const exitCodeOf = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type EndingSignal = keyof typeof exitCodeOf;

/** The user or the system asked the command to stop: the reason of an `Interruption`'s abort. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: EndingSignal) {
    super(`stopped by ${signal}`);
    this.exitCode = exitCodeOf[signal];
  }
}

/** Turns the first ending signal into an abort; a second one ends the process at once. Listens from its making to `stopListening`. */
export class Interruption {
  readonly #notice: string | undefined;
  readonly #controller = new AbortController();
  readonly #listener = (signal: NodeJS.Signals) => this.#receive(signal as EndingSignal);
  #exitCode: number | null = null;

  /** `notice` says what the command does before it stops; nothing is printed without it. */
  constructor(notice?: string) {
    this.#notice = notice;
    for (const signal of Object.keys(exitCodeOf)) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Exit code of a command that was interrupted; null before that. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  stopListening(): void {
    for (const signal of Object.keys(exitCodeOf)) process.off(signal, this.#listener);
  }

  #receive(signal: EndingSignal): void {
    if (this.#exitCode !== null) process.exit(exitCodeOf[signal]);
    this.#exitCode = exitCodeOf[signal];
    if (this.#notice !== undefined)
      process.stderr.write(`\n${signal}: ${this.#notice}; once more to stop at once\n`);
    this.#controller.abort(new Interrupted(signal));
  }
}
