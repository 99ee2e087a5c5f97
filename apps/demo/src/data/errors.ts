/** What went wrong, in the classes a command line turns into exit codes. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

export interface ErrorDetails {
  readonly hint: string;
  readonly kind: ErrorKind;
  readonly cause?: unknown;
}

/**
 * An error in finding or fetching the demo's scans: one line of what was expected and what came, and how to
 * mend it.
 */
export class DemoDataError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'DemoDataError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, { hint, kind, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.kind = kind;
  }

  static isInstance(value: unknown): value is DemoDataError {
    return value instanceof Error && 'isBipvlError' in value && value.name === 'DemoDataError';
  }
}
