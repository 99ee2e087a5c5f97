/** What went wrong, in the classes a command line turns into exit codes. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

export interface ErrorDetails {
  readonly hint: string;
  readonly kind: ErrorKind;
  readonly cause?: unknown;
}

/** An error of a training run: one line of what was expected and what came, and how to mend it. */
export class TrainerError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'TrainerError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, { hint, kind, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.kind = kind;
  }

  static isInstance(value: unknown): value is TrainerError {
    return value instanceof Error && 'isBipvlError' in value && value.name === 'TrainerError';
  }
}
