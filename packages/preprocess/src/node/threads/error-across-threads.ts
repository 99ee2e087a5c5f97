import type { ErrorKind } from '../../errors.js';

/** An error as plain data: a thread cannot send the class of an error to another. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly kind: ErrorKind;
  readonly hint: string;
}

/** The class that errors of other threads become in this one. */
export type ThreadErrorClass = new (
  code: string,
  message: string,
  details: { kind: ErrorKind; hint: string; cause?: unknown },
) => Error;

/** What of an error another thread is told: all of a typed error of any @bipvl package, the stack of any other. */
export function describeError(error: unknown): ErrorDescription {
  if (isTyped(error)) {
    const { code, message, kind, hint } = error;
    return { code, message, kind, hint };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'worker-failed', message, kind: 'internal', hint: 'report this with the message above' };
}

/** The error that was described. */
export function restoreError(
  { code, message, kind, hint }: ErrorDescription,
  ErrorClass: ThreadErrorClass,
): Error {
  return new ErrorClass(code, message, { kind, hint });
}

function isTyped(error: unknown): error is Error & ErrorDescription {
  return error instanceof Error && 'isBipvlError' in error;
}
