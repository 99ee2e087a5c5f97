import { MAX_JSON_BYTES } from '../dataset/parse-json.js';
import { PreprocessError } from '../errors.js';
import { withScanFile } from './scan-file.js';

/**
 * The text of a JSON file, UTF-8. Throws `json-too-large` before anything is read of a file above 10 MiB, and as
 * `withScanFile` does.
 */
export async function readJsonText(path: string): Promise<string> {
  return withScanFile(path, async (file) => {
    if (file.size <= MAX_JSON_BYTES) return new TextDecoder().decode(await file.read(0, file.size));
    throw new PreprocessError(
      'json-too-large',
      `${path}: has ${file.size} bytes, the limit is ${MAX_JSON_BYTES}`,
      { kind: 'data', hint: 'name a dataset folder; a real manifest has a few kilobytes' },
    );
  });
}
