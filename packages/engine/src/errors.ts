/** What went wrong, in the five kinds that decide a command's exit code. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

/** Every failure of this package: a one-line message, a stable `code`, and a `hint` that says how to mend it. */
export class EngineError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'EngineError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, options: { kind: ErrorKind; hint: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind;
    this.code = code;
    this.hint = options.hint;
  }

  static isInstance(value: unknown): value is EngineError {
    return value instanceof Error && 'isBipvlError' in value && value.name === 'EngineError';
  }
}
