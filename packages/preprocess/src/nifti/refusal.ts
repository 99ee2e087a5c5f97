import { PreprocessError } from '../errors.js';

/** The error for a file that cannot be read; `name` is the file, `fault` one clause saying what is wrong with it. */
export function refusal(
  code: string,
  name: string,
  fault: string,
  hint: string,
  cause?: unknown,
): PreprocessError {
  return new PreprocessError(code, `${name}: ${fault}`, { kind: 'data', hint, cause });
}
