import { pipeline } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { readAttached, type TextFormat } from '../attached/read-attached.js';
import type { VoxelSource } from '../attached/voxel-source.js';
import type { ReadOptions } from '../nifti/limits.js';
import type { Volume } from '../volume.js';
import { type ScanFile, withScanFile } from './scan-file.js';

const PIECE_BYTES = 256 * 1024;

/** Reads an `.nrrd` or `.mha` file; the voxels of a compressed one are inflated while the file is read. */
export async function readAttachedFile(
  path: string,
  format: TextFormat,
  options: ReadOptions,
): Promise<Volume> {
  return withScanFile(path, (file) => readAttached(fileSource(file), format, path, options));
}

function fileSource(file: ScanFile): VoxelSource {
  return {
    size: file.size,
    read: (start, length) => file.read(start, length),
    unpack: (start, packing) => {
      const inflate = packing === 'gzip' ? createGunzip : createInflate;
      const inflated = inflate({ chunkSize: PIECE_BYTES });
      pipeline(file.pieces(start), inflated, () => undefined); // its error comes out of the reader's loop
      return inflated;
    },
  };
}
