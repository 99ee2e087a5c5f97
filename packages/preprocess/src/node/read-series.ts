import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mayBeSlice, type ReadSeriesOptions, readSlices, type SliceSource } from '../dicom/read-series.js';
import type { Volume } from '../volume.js';
import { fileFault } from './file-fault.js';
import { withScanFile } from './scan-file.js';

/**
 * Reads the DICOM series in a folder (not in folders below it) as one volume. Hidden files and DICOMDIR are passed over.
 * Throws `file-missing`, `file-unreadable` and the `dicom-...` codes of `readSlices`.
 */
export async function readSeries(folder: string, options: ReadSeriesOptions = {}): Promise<Volume> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw fileFault(folder, cause);
  });
  const names = entries.filter(
    (entry) => (entry.isFile() || entry.isSymbolicLink()) && mayBeSlice(entry.name),
  );
  const paths = names.map((entry) => join(folder, entry.name)).sort();
  return readSlices(paths.map(fileSource), folder, options, decodeCompressed);
}

/** Reads one DICOM file as a volume of one slice, and warns that it is one. */
export async function readLoneSlice(path: string, options: ReadSeriesOptions): Promise<Volume> {
  const hint = `give its folder (${basename(dirname(path)) || '.'}) to read the series`;
  options.onWarning?.(`${path}: is one slice of a series; ${hint}`);
  return readSlices([fileSource(path)], path, options, decodeCompressed);
}

function fileSource(path: string): SliceSource {
  return {
    name: path,
    size: () => withScanFile(path, async ({ size }) => size),
    read: (start, length) => withScanFile(path, (file) => file.read(start, length)),
  };
}

async function decodeCompressed({ name }: SliceSource): Promise<unknown> {
  const { gdcmReadImageNode } = await import('@itk-wasm/image-io');
  return (await gdcmReadImageNode(name)).image?.data;
}
