import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Runs a script of this folder on a folder of files; resolves to the JSON it leaves there as `result`. */
export async function runPython(interpreter, script, folder, result, ...parameters) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  await promisify(execFile)(interpreter, [path, folder, ...parameters]);
  return JSON.parse(readFileSync(join(folder, result), 'utf8'));
}
