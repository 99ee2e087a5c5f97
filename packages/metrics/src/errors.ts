/** What went wrong, as the exit codes of the command lines see it. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

/** An error of this package: one line that names the culprit, and a hint that mends it. */
export class MetricsError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'MetricsError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, details: { kind: ErrorKind; hint: string; cause?: unknown }) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.kind = details.kind;
    this.hint = details.hint;
  }

  /** True for a `MetricsError` of any copy of this package. */
  static isInstance(value: unknown): value is MetricsError {
    return value instanceof Error && value.name === 'MetricsError' && 'isBipvlError' in value;
  }
}
