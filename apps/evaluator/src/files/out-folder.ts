import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EvaluatorError } from '../errors.js';

/**
 * Checks that a folder can be written to, or made, without making it yet.
 * @throws EvaluatorError `unwritable-folder` naming what stands in the way.
 */
export async function checkOutFolder(folder: string): Promise<void> {
  let place = resolve(folder);
  while (!(await isFolder(place, folder))) place = dirname(place);
  try {
    await access(place, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unwritable(folder, `${place} may not be written to`, cause);
  }
}

/** False where there is nothing. */
async function isFolder(place: string, folder: string): Promise<boolean> {
  try {
    if ((await stat(place)).isDirectory()) return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw unwritable(folder, `${place} cannot be looked at (${code})`, cause);
  }
  throw unwritable(folder, `${place} is a file`);
}

function unwritable(folder: string, why: string, cause?: unknown): EvaluatorError {
  return new EvaluatorError('unwritable-folder', `${folder}: cannot be written to: ${why}`, {
    kind: 'resource',
    hint: 'give another folder by --out',
    cause,
  });
}
