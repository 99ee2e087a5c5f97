import type { PreprocessError } from '../errors.js';
import { refusal } from '../nifti/refusal.js';

/** Makes the errors of one file of one format: the code is `<format>-<suffix>`, the message starts with the file. */
export type Refuse = (suffix: string, fault: string, hint: string, cause?: unknown) => PreprocessError;

/** The `Refuse` of file `name` in a format such as `nrrd`. */
export function refuserOf(format: string, name: string): Refuse {
  return (suffix, fault, hint, cause) => refusal(`${format}-${suffix}`, name, fault, hint, cause);
}

/** The hint for a header that contradicts itself. */
export const BROKEN_HEADER = 'the header is damaged or hostile: get the file again from its source';

/** The hint for what is well formed but not read. */
export const CONVERT = 'convert it to NIfTI with ITK, 3D Slicer or nibabel';
