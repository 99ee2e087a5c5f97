import type { CaseFiles } from '../dataset/dataset.js';
import { PreprocessError } from '../errors.js';
import type { ReadOptions } from '../nifti/limits.js';
import { smallestIntegers } from '../smallest-integers.js';
import { stackChannels } from '../stack-channels.js';
import type { Volume } from '../volume.js';
import { readVolume } from './read-volume.js';

/** The image of a case with all its channels. Throws as `readVolume`, and `channel-mismatch`. */
export async function readCaseImage(files: CaseFiles, options: ReadOptions = {}): Promise<Volume> {
  const [first, ...rest] = await Promise.all(files.images.map((path) => readVolume(path, options)));
  if (first === undefined) throw withoutImage(files.id);
  return stackChannels([first, ...rest]);
}

/** A label file as integers. Throws as `readVolume`, and `not-integers` when a voxel is not a whole number. */
export async function readLabel(path: string, options: ReadOptions = {}): Promise<Volume> {
  return smallestIntegers(await readVolume(path, options));
}

function withoutImage(id: string): PreprocessError {
  return new PreprocessError('no-image', `case ${id} names no image file, expected one for each channel`, {
    kind: 'data',
    hint: 'name the image of the case in dataset.json',
  });
}
