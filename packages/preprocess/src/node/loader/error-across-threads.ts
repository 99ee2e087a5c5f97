import { type ErrorKind, PreprocessError } from '../../errors.js';

/** An error as plain data: a thread cannot send the class of an error to another. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly kind: ErrorKind;
  readonly hint: string;
}

/** What of an error another thread is told. */
export function describeError(error: unknown): ErrorDescription {
  if (PreprocessError.isInstance(error)) {
    const { code, message, kind, hint } = error;
    return { code, message, kind, hint };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'worker-failed', message, kind: 'internal', hint: 'report this with the message above' };
}

/** The error that was described. */
export function restoreError({ code, message, kind, hint }: ErrorDescription): PreprocessError {
  return new PreprocessError(code, message, { kind, hint });
}
