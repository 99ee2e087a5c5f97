import { ConceptError, type ErrorKind } from '../../errors.js';

/** Exit code of a command that fails for a kind of reason; the same in every BiPVL command line. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  internal: 1,
  usage: 2,
  numeric: 3,
  data: 4,
  resource: 5,
};

/** Prints what went wrong and how to mend it, a line each, and for `debug` the stack; returns the exit code. */
export function reportError(error: unknown, debug: boolean): number {
  const typed = ConceptError.isInstance(error);
  const message = error instanceof Error ? error.message : String(error);
  const hint = typed ? error.hint : 'run it again with --debug and report what it prints';
  process.stderr.write(`error: ${oneLine(message)}\nmend: ${oneLine(hint)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCodes[typed ? error.kind : 'internal'];
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
