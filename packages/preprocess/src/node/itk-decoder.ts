import * as zlib from 'node:zlib';
import { PreprocessError } from '../errors.js';
import { isSheared } from '../geometry/affine.js';
import type { WrittenStorage } from '../nifti/datatypes.js';
import type { Declared } from '../nifti/judge.js';
import { declaredBytes } from '../nifti/judge-compressed.js';
import { storedGeometry } from '../nifti/parse.js';
import { refusal } from '../nifti/refusal.js';
import { fromFileOrder } from '../nifti/voxels.js';
import type { Volume, VoxelArray } from '../volume.js';

// Measured (table in the README): our own decoder is faster on small and middling files, since itk-wasm costs some 20 ms
// a file and 0.2 s to start; from about here the two are level, or itk-wasm is ahead, depending on how the file was compressed.
const WORTHWHILE_FROM = 128 * 2 ** 20;
// WebAssembly memory ends at 4 GiB and itk-wasm holds several copies.
const WORTHWHILE_TO = 2 ** 30;
const SHEAR_TOLERANCE = 1e-6;

/** A judged `.nii.gz`, the start of what it inflates to, and its last 8 bytes. */
export interface CompressedFile {
  readonly path: string;
  readonly start: Uint8Array;
  readonly trailer: Uint8Array;
  readonly declared: Declared;
}

/** True for sizes at which itk-wasm is the faster decoder. */
export function itkIsWorthwhile({ dataBytes }: Declared): boolean {
  return dataBytes >= WORTHWHILE_FROM && dataBytes <= WORTHWHILE_TO;
}

/**
 * True for files that itk-wasm reads as we do, and whose voxels can be checked afterwards: NIfTI-1, little-endian, three
 * dimensions, no shear, no scaling, at most 32-bit integers, one gzip member whose trailer names the declared size.
 */
export function itkReadsSafely({ trailer, start, declared }: CompressedFile): boolean {
  const { header, storage, affine } = declared;
  const plain = header.slope === 0 || (header.slope === 1 && header.intercept === 0);
  const simple = header.version === 1 && header.littleEndian && header.dim[0] === 3 && plain;
  const narrow = storage !== 'int64' && storage !== 'uint64';
  const checkable = start.length >= declared.dataOffset && typeof zlib.crc32 === 'function';
  return (
    simple &&
    narrow &&
    checkable &&
    !isSheared(affine, SHEAR_TOLERANCE) &&
    sumAndSize(trailer).size === declaredBytes(declared) % 2 ** 32
  );
}

/**
 * Decodes the voxels with itk-wasm. It fills what is missing from a file with zeros and says nothing, so header and
 * voxels are compared with the checksum in the file's gzip trailer. Throws `nifti-gzip` when they do not agree.
 */
export async function decodeWithItk(file: CompressedFile): Promise<Volume> {
  const { path, declared } = file;
  const stored = checkedVoxels(await itkVoxels(path), declared, path);
  checkSum(stored, file);
  const { shape, channels, affine } = declared;
  return {
    data: fromFileOrder(stored, shape, channels),
    shape,
    channels,
    affine,
    geometry: storedGeometry(declared.header),
  };
}

async function itkVoxels(path: string): Promise<unknown> {
  const { niftiReadImageNode } = await import('@itk-wasm/image-io');
  try {
    const { image } = await niftiReadImageNode(path);
    if (image !== undefined) return image.data;
  } catch (cause) {
    throw undecodable(path, cause);
  }
  throw undecodable(path, 'it gave no image');
}

function undecodable(path: string, cause: unknown): PreprocessError {
  const fault = `its gzip stream is damaged or cut off (itk-wasm: ${String(cause)})`;
  return refusal('nifti-gzip', path, fault, 'copy or download the file again', cause);
}

const ARRAYS: Readonly<Record<WrittenStorage, { new (length: number): VoxelArray }>> = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

function checkedVoxels(data: unknown, { storage, shape }: Declared, path: string): VoxelArray {
  const expected = shape[0] * shape[1] * shape[2];
  const type = ARRAYS[storage as WrittenStorage];
  if (data instanceof type && data.length === expected) return data;
  throw new PreprocessError(
    'decoder-mismatch',
    `${path}: itk-wasm gave other voxels than ${expected} of ${storage}`,
    {
      kind: 'internal',
      hint: "read the file with { decoder: 'own' } and report this",
    },
  );
}

function checkSum(stored: VoxelArray, { path, trailer, start, declared }: CompressedFile): void {
  const voxels = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  const sum = zlib.crc32(voxels, zlib.crc32(start.subarray(0, declared.dataOffset)));
  if (sum === sumAndSize(trailer).checksum) return;
  throw refusal(
    'nifti-gzip',
    path,
    'its voxels do not have the checksum of its gzip trailer',
    'copy or download the file again',
  );
}

/** CRC-32 and size modulo 2^32 of the last gzip member. */
function sumAndSize(trailer: Uint8Array): { checksum: number; size: number } {
  const view = new DataView(trailer.buffer, trailer.byteOffset, trailer.byteLength);
  return { checksum: view.getUint32(0, true), size: view.getUint32(4, true) };
}
