import { stat } from 'node:fs/promises';
import { DICOM_MAGIC_BYTES, isDicom } from '../dicom/read-elements.js';
import type { ReadSeriesOptions } from '../dicom/read-series.js';
import { META_IMAGE } from '../meta-image/decode.js';
import { NRRD } from '../nrrd/decode.js';
import { isNrrd } from '../nrrd/parse-header.js';
import type { Volume } from '../volume.js';
import { fileFault } from './file-fault.js';
import { readAttachedFile } from './read-attached-file.js';
import { type ReadNiftiOptions, readNifti } from './read-nifti.js';
import { readLoneSlice, readSeries } from './read-series.js';
import { withScanFile } from './scan-file.js';

/** How a scan is read in Node: `decoder` counts for NIfTI, `series` for DICOM. */
export interface ReadVolumeOptions extends ReadNiftiOptions, ReadSeriesOptions {}

/**
 * Reads a scan: NIfTI (`.nii`, `.nii.gz`, `.hdr` or `.img` of a pair), NRRD (`.nrrd`), MetaImage (`.mha`), a DICOM file,
 * or a folder that holds a DICOM series. The header is judged first; a file with fewer bytes than it promises is
 * refused. Throws a `PreprocessError` that names the file: `file-missing`, `file-unreadable`, `not-a-file`, `not-nifti`
 * and the other `nifti-...`, `nrrd-...`, `mha-...` and `dicom-...` codes.
 */
export async function readVolume(path: string, options: ReadVolumeOptions = {}): Promise<Volume> {
  if (/\.(nii|nii\.gz|hdr|img)$/i.test(path)) return readNifti(path.replace(/\.img$/, '.hdr'), options);
  if (/\.(mha|mhd)$/i.test(path)) return readAttachedFile(path, META_IMAGE, options);
  if (/\.(nrrd|nhdr)$/i.test(path)) return readAttachedFile(path, NRRD, options);
  if (await isFolder(path)) return readSeries(path, options);
  const start = await withScanFile(path, (file) => file.read(0, DICOM_MAGIC_BYTES));
  if (/\.dcm$/i.test(path) || isDicom(start)) return readLoneSlice(path, options);
  return isNrrd(start) ? readAttachedFile(path, NRRD, options) : readNifti(path, options);
}

async function isFolder(path: string): Promise<boolean> {
  const status = await stat(path).catch((cause: unknown) => {
    throw fileFault(path, cause);
  });
  return status.isDirectory();
}
