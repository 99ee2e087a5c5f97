import type { ErrorKind } from '@bipvl/engine/command-line';
import { DemoError } from '../errors.js';

const hint = 'check the connection and run again: what has been fetched is kept';

/** Faults after which asking once more may help. */
const passing: ReadonlySet<string> = new Set(['download-cut', 'mirror-busy', 'part-stale']);

/** Faults after which what has been fetched is of no use. */
const spoiling: ReadonlySet<string> = new Set(['part-stale', 'wrong-checksum', 'download-too-large']);

export function isSpoilt(error: unknown): boolean {
  return DemoError.isInstance(error) && spoiling.has(error.code);
}

export function mayPass(error: unknown): boolean {
  return DemoError.isInstance(error) && passing.has(error.code);
}

export function unreachable(url: string, cause: unknown): DemoError {
  return fault('mirror-unreachable', `${hostOf(url)} cannot be reached (${codeOf(cause)})`, cause);
}

export function silent(url: string, milliseconds: number): DemoError {
  return fault('mirror-unreachable', `${hostOf(url)} did not answer within ${seconds(milliseconds)}`);
}

export function refused(url: string, status: number): DemoError {
  const code = status === 429 || status >= 500 ? 'mirror-busy' : 'mirror-refused';
  return fault(code, `${hostOf(url)} answered ${status} to the request for ${nameOf(url)}`);
}

export function cutOff(url: string, cause: unknown): DemoError {
  return fault('download-cut', `the connection to ${hostOf(url)} was cut off (${codeOf(cause)})`, cause);
}

export function stalled(url: string, milliseconds: number): DemoError {
  return fault('download-cut', `${hostOf(url)} sent nothing more for ${seconds(milliseconds)}`);
}

/** The part on disk is not the beginning of what the server has. */
export function brokenRange(url: string): DemoError {
  return fault(
    'part-stale',
    `${hostOf(url)} cannot continue the part of ${nameOf(url)} that was fetched before`,
  );
}

export function tooLarge(url: string, size: number, maximum: number): DemoError {
  const message = `${nameOf(url)} has ${size} bytes or more, the limit is ${maximum}`;
  return fault('download-too-large', message, undefined, 'data');
}

export function wrongChecksum(url: string, expected: string, actual: string, resumed: boolean): DemoError {
  const message = `${nameOf(url)} from ${hostOf(url)} has the MD5 checksum ${actual}, expected ${expected}`;
  return fault(resumed ? 'part-stale' : 'wrong-checksum', message, undefined, 'data');
}

function fault(code: string, message: string, cause?: unknown, kind: ErrorKind = 'resource'): DemoError {
  return new DemoError(code, message, { kind, hint, cause });
}

/** `fetch` hides what the system said one level down, and behind several addresses two levels down. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
