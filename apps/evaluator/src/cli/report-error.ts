import { isTypedError } from '../errors.js';
import { exitCode } from './exit-code.js';

/** Prints what went wrong and how to mend it on standard error, a line each, and the stack only for `--debug`; returns the exit code. */
export function reportError(error: unknown, debug: boolean): number {
  if (debug) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  if (isTypedError(error)) {
    process.stderr.write(`error: ${error.message}\nmend: ${error.hint}\n`);
    return exitCode(error.kind);
  }
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
  process.stderr.write(
    `error: unexpected: ${message}\nmend: run again with --debug, and report what it prints\n`,
  );
  return exitCode('internal');
}
