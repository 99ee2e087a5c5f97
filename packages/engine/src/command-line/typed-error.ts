import { type ErrorKind, exitCodes } from './exit-codes.js';

/** How to mend a fault, what kind it is and what caused it. */
export interface ErrorDetails {
  readonly hint: string;
  readonly kind: ErrorKind;
  readonly cause?: unknown;
}

/** An error thrown on purpose: a one-line message that names the culprit, a stable `code`, and a `hint` that says how to mend it. */
export abstract class TypedError extends Error {
  /** Marks the errors of every @bipvl package, also across duplicate installs. */
  readonly isBipvlError: true = true;
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, { hint, kind, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.kind = kind;
  }
}

/** True for the errors that a @bipvl package throws on purpose, whether or not their class extends `TypedError`. */
export function isTypedError(value: unknown): value is TypedError {
  return (
    value instanceof Error &&
    'isBipvlError' in value &&
    'kind' in value &&
    Object.hasOwn(exitCodes, String(value.kind))
  );
}
