import { allocating } from '../allocate.js';
import type { Volume } from '../volume.js';
import { isGzip } from './gzip.js';
import { type NiftiHeader, parseHeader } from './header.js';
import { type Declared, judgeHeader } from './judge.js';
import { type ReadOptions, resolveLimits } from './limits.js';
import { refusal } from './refusal.js';
import type { StoredGeometry } from './stored-geometry.js';
import { decodeVoxels } from './voxels.js';

/**
 * Reads an uncompressed NIfTI-1 or -2 file held in memory; `name` stands in the errors. The header is judged before
 * any voxel is read. Throws a `PreprocessError` of kind `data`: `not-nifti`, `nifti-truncated` when bytes are missing,
 * `nifti-gzip` when the bytes are still compressed (see `decodeNifti`), or another `nifti-...` code.
 */
export function parseNifti(bytes: Uint8Array, name = 'NIfTI data', options: ReadOptions = {}): Volume {
  if (isGzip(bytes)) {
    throw refusal('nifti-gzip', name, 'is gzip-compressed', 'use decodeNifti, which inflates with a limit');
  }
  const declared = judgeHeader(parseHeader(bytes, name), name, resolveLimits(options));
  refusePair(declared.header, name);
  checkLength(bytes.length, declared, name, options);
  return assemble(bytes.subarray(declared.dataOffset), declared, name);
}

/** Bytes present compared with bytes declared: fewer is an error, more a warning. */
export function checkLength(present: number, declared: Declared, name: string, options: ReadOptions): void {
  const expected = declared.dataOffset + declared.dataBytes;
  if (present < expected) throw truncated(present, expected, name);
  if (present > expected)
    options.onWarning?.(`${name}: ${present - expected} bytes after the last voxel are ignored`);
}

/** The error for a file that ends before its last voxel. */
export function truncated(present: number, expected: number, name: string): Error {
  const fault = `is truncated: its header promises ${expected} bytes, ${present} are there`;
  return refusal('nifti-truncated', name, fault, 'copy or download the file again');
}

/** Throws when the voxels of a header are in another file. */
export function refusePair(header: NiftiHeader, name: string): void {
  if (!header.pair) return;
  const hint = 'open the pair by the path of its .hdr file in Node, or convert it to one .nii file';
  throw refusal('nifti-pair', name, 'is the header of a .hdr/.img pair, its voxels are elsewhere', hint);
}

/** A volume from voxel bytes that are known to be complete. Throws `out-of-memory`, and as `decodeVoxels` does. */
export function assemble(voxelBytes: Uint8Array, declared: Declared, name: string): Volume {
  const { shape, channels, affine } = declared;
  const data = allocating(declared.dataBytes, name, () => decodeVoxels(voxelBytes, declared, name));
  return { data, shape, channels, affine, geometry: storedGeometry(declared.header) };
}

/** The geometry fields of a header, as stored. */
export function storedGeometry(header: NiftiHeader): StoredGeometry {
  return {
    version: header.version,
    pixdim: header.pixdim.slice(0, 4),
    unitsCode: header.units & 7,
    qformCode: header.qformCode,
    sformCode: header.sformCode,
    quaternion: header.quaternion,
    qoffset: header.qoffset,
    srow: header.srow,
  };
}
