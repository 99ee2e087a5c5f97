/** What went wrong, in the classes a command line turns into exit codes. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

export interface ErrorDetails {
  readonly hint: string;
  readonly kind?: ErrorKind;
  readonly cause?: unknown;
}

/**
 * An ill-shaped input or an unusable option of a loss: one line of what was expected and what came, and how
 * to mend it.
 */
export class LossError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'LossError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, { hint, kind = 'usage', cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.kind = kind;
  }

  static isInstance(value: unknown): value is LossError {
    return value instanceof Error && 'isBipvlError' in value && value.name === 'LossError';
  }
}
