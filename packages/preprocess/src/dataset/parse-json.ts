import type { z } from 'zod';
import { PreprocessError } from '../errors.js';
import { passedExtent } from './json-extent.js';
import { unsafeText } from './unsafe-text.js';

/** The most bytes of a JSON file that is read. */
export const MAX_JSON_BYTES: number = 10 * 2 ** 20;

// A dataset of 20,000 cases; more values would cost hundreds of megabytes before a schema can refuse them.
const LARGEST_EXTENT = { depth: 64, values: 100_000 } as const;
const LONGEST_QUOTE = 200;

/**
 * Parses JSON from an untrusted file and validates it; `name` is the file. Size, nesting and number of values are judged
 * before anything is built. Throws `json-too-large`, `json-too-deep`, `bad-json`, `json-unsafe-text` for control
 * characters and the key `__proto__`, or `bad-manifest` naming the faulty key.
 */
export function parseJson<T>(text: string, schema: z.ZodType<T>, name: string): T {
  judgeExtent(text, name);
  const value = parse(text, name);
  const unsafe = unsafeText(value);
  if (unsafe !== undefined) throw fault('json-unsafe-text', `${name}: ${unsafe}`);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const key = shortened(issue?.path.join('.') || 'top level');
  throw fault('bad-manifest', `${name}: ${key}: ${shortened(issue?.message ?? 'is not what was expected')}`);
}

function judgeExtent(text: string, name: string): void {
  if (text.length > MAX_JSON_BYTES) {
    throw fault('json-too-large', `${name}: has ${text.length} characters, the limit is ${MAX_JSON_BYTES}`);
  }
  const passed = passedExtent(text, LARGEST_EXTENT);
  if (passed === 'depth') {
    throw fault('json-too-deep', `${name}: is nested deeper than ${LARGEST_EXTENT.depth} levels`);
  }
  if (passed === 'values') {
    throw fault('json-too-large', `${name}: holds more than ${LARGEST_EXTENT.values} values`);
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The engine quotes the text, which may hold control characters.
    const reason = shortened(JSON.stringify((cause as Error).message).slice(1, -1));
    throw fault('bad-json', `${name}: is not JSON (${reason})`, cause);
  }
}

function shortened(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
}

function fault(code: string, message: string, cause?: unknown): PreprocessError {
  return new PreprocessError(code, message, { kind: 'data', hint: 'correct the file at that place', cause });
}
