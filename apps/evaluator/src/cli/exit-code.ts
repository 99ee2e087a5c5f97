import type { ErrorKind } from '../errors.js';

const codes: Readonly<Record<ErrorKind, number>> = {
  internal: 1,
  usage: 2,
  numeric: 3,
  data: 4,
  resource: 5,
};

/** The exit code of a command that fails for a kind of reason. */
export function exitCode(kind: ErrorKind): number {
  return codes[kind];
}
