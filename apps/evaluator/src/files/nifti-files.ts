import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EvaluatorError } from '../errors.js';

const ending = /\.(nii|nii\.gz|hdr)$/i;

/** True for names of NIfTI files: `.nii`, `.nii.gz`, or the `.hdr` of a pair. */
export function isNiftiName(path: string): boolean {
  return ending.test(path) && !basename(path).startsWith('.');
}

/** What a file is called without folder and ending: `scan` for `folder/scan.nii.gz`. */
export function caseNameOf(path: string): string {
  return basename(path).replace(ending, '');
}

/**
 * Paths of the NIfTI files directly in a folder, sorted by name.
 * @throws EvaluatorError `folder-unreadable`, or `no-nifti` when there is none.
 */
export async function listNiftiFiles(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).filter(isNiftiName).sort();
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw new EvaluatorError('no-nifti', `${folder}: holds no NIfTI file`, {
    kind: 'data',
    hint: 'give a folder with .nii or .nii.gz files directly in it',
  });
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
