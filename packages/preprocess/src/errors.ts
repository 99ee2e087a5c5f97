/** What went wrong in general: the command line turns it into an exit code. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

/** How to mend the fault, what kind it is and what caused it. */
export interface ErrorDetails {
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly cause?: unknown;
}

/** The only error this package throws on purpose; `code` is a stable kebab-case id, `hint` says how to mend it. */
export class PreprocessError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'PreprocessError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.kind = details.kind;
    this.hint = details.hint;
  }

  /** True for errors of this class, also those of another installed copy of the package. */
  static isInstance(value: unknown): value is PreprocessError {
    return value instanceof Error && 'isBipvlError' in value && value.name === 'PreprocessError';
  }
}
