import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Runs a script (a URL) on a folder of files; resolves to the JSON it leaves there as `result`. */
export async function runPython(interpreter, script, folder, result, ...parameters) {
  await promisify(execFile)(interpreter, [fileURLToPath(script), folder, ...parameters]);
  return JSON.parse(readFileSync(join(folder, result), 'utf8'));
}
