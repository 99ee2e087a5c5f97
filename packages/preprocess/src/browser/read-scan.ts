import { readAttached } from '../attached/read-attached.js';
import { blobSource } from '../attached/voxel-source.js';
import { DICOM_MAGIC_BYTES, isDicom } from '../dicom/read-elements.js';
import { mayBeSlice, type ReadSeriesOptions, readSlices, type SliceSource } from '../dicom/read-series.js';
import { PreprocessError } from '../errors.js';
import { META_IMAGE } from '../meta-image/decode.js';
import { decodeNifti } from '../nifti/decode.js';
import { NRRD } from '../nrrd/decode.js';
import { isNrrd } from '../nrrd/parse-header.js';
import type { Volume } from '../volume.js';
import { decodeInBrowser } from './decode-in-browser.js';
import type { PipelineOptions } from './pipelines.js';

/** How files that a page was handed are read. */
export interface ReadScanOptions extends ReadSeriesOptions, PipelineOptions {}

/**
 * Reads what a user dropped on a page: one NIfTI, NRRD or MetaImage file, or the files of a DICOM series. Nothing is
 * fetched, but itk-wasm's DICOM reader from `options.pipelines` when pixels are compressed. Throws a `PreprocessError`:
 * `no-files`, `pipelines-missing`, `pipelines-elsewhere`, `pipelines-unreachable`, and the codes of each format.
 */
export async function readScan(
  files: File | readonly File[],
  options: ReadScanOptions = {},
): Promise<Volume> {
  const list = files instanceof Blob ? [files] : [...files];
  const [first] = list;
  if (first === undefined) throw withoutFiles();
  return list.length === 1 ? readOne(first, options) : readFiles(list, `${list.length} files`, options);
}

async function readOne(file: File, options: ReadScanOptions): Promise<Volume> {
  const { name } = file;
  const start = new Uint8Array(await file.slice(0, DICOM_MAGIC_BYTES).arrayBuffer());
  if (isNrrd(start)) return readAttached(blobSource(file), NRRD, name, options);
  if (/\.(mha|mhd)$/i.test(name)) return readAttached(blobSource(file), META_IMAGE, name, options);
  if (isDicom(start)) return readFiles([file], name, options);
  return decodeNifti(new Uint8Array(await file.arrayBuffer()), name, options);
}

async function readFiles(files: readonly File[], name: string, options: ReadScanOptions): Promise<Volume> {
  const slices = files.filter((file) => mayBeSlice(file.name)).map(sliceSource);
  return readSlices(slices, name, options, (source, bytes) => decodeInBrowser(source, bytes, options));
}

function sliceSource(file: File): SliceSource {
  const { read } = blobSource(file);
  return { name: file.name, size: async () => file.size, read };
}

function withoutFiles(): PreprocessError {
  return new PreprocessError('no-files', 'there is no file to read', {
    kind: 'usage',
    hint: 'give one file, or all files of a DICOM series',
  });
}
