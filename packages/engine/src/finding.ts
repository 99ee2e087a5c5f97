import type { ErrorKind } from './command-line/exit-codes.js';
import { EngineError } from './errors.js';

/** One line of a diagnosis. A `note` is worth knowing; a `fault` keeps the engine from its work. */
export interface Finding {
  readonly name: string;
  readonly verdict: 'ok' | 'note' | 'fault';
  readonly detail: string;
  readonly mend?: string;
  readonly kind?: ErrorKind;
}

/** Turns an `EngineError` into a fault; anything else is thrown on. */
export function faultOf(name: string, error: unknown): Finding {
  if (!EngineError.isInstance(error)) throw error;
  return { name, verdict: 'fault', detail: error.message, mend: error.hint, kind: error.kind };
}

/** Bytes in the unit that people buy memory and disks in. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
