import { basename } from 'node:path';
import { hasEnding, listFiles } from './list-files.js';

// Detached headers are listed too: reading them says what to do, leaving them out would say nothing.
const ending = /\.(nii|nii\.gz|hdr|nrrd|nhdr|mha|mhd)$/i;

/** True for names of NIfTI, NRRD and MetaImage files, and for the `.hdr` of a NIfTI pair. */
export function isVolumeName(path: string): boolean {
  return hasEnding(path, ending);
}

/**
 * Paths of the files so named directly in a folder, sorted by name.
 * @throws EvaluatorError `folder-unreadable`.
 */
export async function listVolumeFiles(folder: string): Promise<string[]> {
  return listFiles(folder, ending);
}

/** What a file is called without folder and ending: `scan` for `folder/scan.nii.gz`. */
export function caseNameOf(path: string): string {
  return basename(path).replace(ending, '');
}
