import { isGzip } from '../nifti/gzip.js';
import { parseHeader } from '../nifti/header.js';
import { GZIP_START_BYTES, gunzipStart } from './gunzip.js';
import { withScanFile } from './scan-file.js';

/** True when the header of a NIfTI file that can be read scales its voxels; other formats have no such field. */
export async function hasScaling(path: string): Promise<boolean> {
  if (!/\.(nii|nii\.gz|hdr)$/.test(path)) return false;
  const stored = await withScanFile(path, (file) => file.read(0, GZIP_START_BYTES));
  const { slope, intercept } = parseHeader(isGzip(stored) ? await gunzipStart(stored) : stored, path);
  return slope !== 0 && !(slope === 1 && intercept === 0);
}
