/** What went wrong, in the classes a command line turns into exit codes. */
export type ErrorKind = 'usage' | 'data' | 'resource' | 'numeric' | 'internal';

/** How to mend a fault, what kind it is and what caused it. */
export interface ErrorDetails {
  readonly hint: string;
  readonly kind: ErrorKind;
  readonly cause?: unknown;
}

/** An error of predicting, evaluating or reporting: one line that names the culprit, and how to mend it. */
export class EvaluatorError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  override readonly name = 'EvaluatorError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, { hint, kind, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.kind = kind;
  }

  static isInstance(value: unknown): value is EvaluatorError {
    return value instanceof Error && 'isBipvlError' in value && value.name === 'EvaluatorError';
  }
}

/** What the errors of all @bipvl packages have in common. */
export interface TypedError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;
}

/** True for the errors that a @bipvl package throws on purpose. */
export function isTypedError(value: unknown): value is TypedError {
  return (
    value instanceof Error &&
    'kind' in value &&
    'code' in value &&
    'hint' in value &&
    typeof value.hint === 'string'
  );
}

/** Runs a step for one file or case: an error that does not name it yet begins with `name`. */
export async function naming<T>(name: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!isTypedError(error) || error.message.includes(name)) throw error;
    const { code, kind, hint } = error;
    throw new EvaluatorError(code, `${name}: ${error.message}`, { kind, hint, cause: error });
  }
}
