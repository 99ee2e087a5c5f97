import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EvaluatorError } from '../errors.js';

/**
 * Paths of the files directly in a folder whose names `ending` matches, sorted by name; hidden files are left out.
 * @throws EvaluatorError `folder-unreadable`.
 */
export async function listFiles(folder: string, ending: RegExp): Promise<string[]> {
  const names = (await namesIn(folder)).filter((name) => hasEnding(name, ending)).sort();
  return names.map((name) => join(folder, name));
}

/** True where a file is named with this ending, and not hidden. */
export function hasEnding(path: string, ending: RegExp): boolean {
  return ending.test(path) && !basename(path).startsWith('.');
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new EvaluatorError(
      'folder-unreadable',
      `${folder}: cannot be listed as a folder (${code ?? String(cause)})`,
      {
        kind: 'data',
        hint: 'check the path and its permissions',
        cause,
      },
    );
  }
}
