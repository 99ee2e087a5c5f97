/** What went wrong, coarsely; command lines turn it into their exit code. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

/** Details of a `ConceptError` beside its message. */
export interface ErrorDetails {
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly cause?: unknown;
}

/** The one error this package throws on purpose: `message` says what is wrong and where, `hint` how to mend it. */
export class ConceptError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'ConceptError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.kind = details.kind;
    this.hint = details.hint;
  }

  static isInstance(value: unknown): value is ConceptError {
    return value instanceof Error && 'isBipvlError' in value && value.name === 'ConceptError';
  }
}
