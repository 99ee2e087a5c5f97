import type { z } from 'zod';
import { PreprocessError } from '../errors.js';

const MAX_BYTES = 10 * 2 ** 20;
const MAX_DEPTH = 64;

/**
 * Parses JSON from an untrusted file and validates it; `name` is the file. Throws `json-too-large`, `bad-json`, or
 * `bad-manifest` naming the faulty key.
 */
export function parseJson<T>(text: string, schema: z.ZodType<T>, name: string): T {
  if (text.length > MAX_BYTES) {
    throw fault('json-too-large', `${name}: has ${text.length} characters, the limit is ${MAX_BYTES}`);
  }
  const value = parse(text, name);
  if (depth(value) > MAX_DEPTH)
    throw fault('json-too-deep', `${name}: is nested deeper than ${MAX_DEPTH} levels`);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const key = issue?.path.join('.') || 'top level';
  throw fault('bad-manifest', `${name}: ${key}: ${issue?.message ?? 'is not what was expected'}`);
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault('bad-json', `${name}: is not JSON (${(cause as Error).message})`, cause);
  }
}

function depth(value: unknown): number {
  let level: unknown[] = [value];
  let count = 0;
  while (level.length > 0 && count <= MAX_DEPTH) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    count += 1;
  }
  return count;
}

function fault(code: string, message: string, cause?: unknown): PreprocessError {
  return new PreprocessError(code, message, { kind: 'data', hint: 'correct the file at that place', cause });
}
