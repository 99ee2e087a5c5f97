import type { Volume } from '@bipvl/preprocess';
import { readLabel } from '@bipvl/preprocess/node';
import { EvaluatorError } from '../errors.js';
import { naming } from '../naming.js';

/** Reads a mask as integers. Throws PreprocessError, or EvaluatorError `not-integers` or `mask-channels`; all naming the file. */
export async function readMask(path: string): Promise<Volume> {
  const mask = await naming(path, () => readLabel(path));
  if (mask.channels === 1) return mask;
  throw new EvaluatorError('mask-channels', `${path}: has ${mask.channels} channels, a mask has one`, {
    kind: 'data',
    hint: 'give a mask with one label a voxel',
  });
}
