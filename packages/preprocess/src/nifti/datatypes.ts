import type { VoxelArray } from '../volume.js';

/** How the voxels of a NIfTI datatype are stored. */
export type Storage =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

/** The types a volume can be written as: one per kind of voxel array. */
export type WrittenStorage = Exclude<Storage, 'int64' | 'uint64'>;

/** Datatype codes of nifti1.h that hold one real number per voxel. */
const READABLE: Readonly<Record<number, Storage>> = {
  2: 'uint8',
  4: 'int16',
  8: 'int32',
  16: 'float32',
  64: 'float64',
  256: 'int8',
  512: 'uint16',
  768: 'uint32',
  1024: 'int64',
  1280: 'uint64',
};

/** Datatype codes that are known and refused, with the reason. */
const REFUSED: Readonly<Record<number, string>> = {
  1: 'one bit per voxel, which no reader agrees on',
  32: 'complex64: a complex image has no single intensity',
  128: 'RGB24: a colour image has no single intensity',
  1536: 'float128: JavaScript has no such number',
  1792: 'complex128: a complex image has no single intensity',
  2048: 'complex256: a complex image has no single intensity',
  2304: 'RGBA32: a colour image has no single intensity',
};

const BYTES: Readonly<Record<Storage, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** The storage of a datatype code, or the reason why it is not read. */
export function storageOf(code: number): { readonly storage: Storage } | { readonly reason: string } {
  const storage = READABLE[code];
  return storage === undefined ? { reason: REFUSED[code] ?? 'an unknown datatype' } : { storage };
}

/** Bytes per value. */
export function bytesOf(storage: Storage): number {
  return BYTES[storage];
}

/** The NIfTI datatype code of a storage. */
export function codeOf(storage: Storage): number {
  return Number(Object.entries(READABLE).find(([, name]) => name === storage)?.[0]);
}

/** The storage that writes an array without any change of its values. */
export function storageOfArray(data: VoxelArray): WrittenStorage {
  return data.constructor.name.replace('Array', '').toLowerCase() as WrittenStorage;
}
