import type { ErrorKind } from '../errors.js';

/** Exit code of a command that fails for a kind of reason. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  internal: 1,
  usage: 2,
  numeric: 3,
  data: 4,
  resource: 5,
};

/** What the errors of every @bipvl package have in common. */
interface TypedError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string;
}

/** Prints what went wrong and how to mend it, a line each, and returns the exit code. */
export function reportError(error: unknown, debug: boolean): number {
  const typed = isTyped(error);
  const message = error instanceof Error ? error.message : String(error);
  const hint = typed ? error.hint : 'run it again with --debug and report what it prints';
  process.stderr.write(`error: ${oneLine(message)}\nmend: ${oneLine(hint)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCodes[typed ? error.kind : 'internal'];
}

function isTyped(error: unknown): error is TypedError {
  return (
    error instanceof Error &&
    'hint' in error &&
    'kind' in error &&
    Object.hasOwn(exitCodes, String(error.kind))
  );
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
