import { EvaluatorError } from '../errors.js';
import { listVolumeFiles } from './volume-files.js';

/**
 * Paths of the masks directly in a folder, sorted by name: NIfTI, NRRD and MetaImage files.
 * @throws EvaluatorError `folder-unreadable`, or `no-masks` when there is none.
 */
export async function listMaskFiles(folder: string): Promise<string[]> {
  const paths = await listVolumeFiles(folder);
  if (paths.length > 0) return paths;
  throw new EvaluatorError('no-masks', `${folder}: holds no NIfTI, NRRD or MHA file`, {
    kind: 'data',
    hint: 'give a folder with .nii, .nii.gz, .nrrd or .mha files directly in it',
  });
}
