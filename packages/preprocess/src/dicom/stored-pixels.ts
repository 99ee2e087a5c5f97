import type { Storage } from '../nifti/datatypes.js';
import { typedView } from '../nifti/voxels.js';
import type { VoxelArray } from '../volume.js';
import type { Slice } from './slice.js';

const STORAGES = { 8: ['uint8', 'int8'], 16: ['uint16', 'int16'], 32: ['uint32', 'int32'] } as const;

/** The stored values of an uncompressed slice, row by row, from its pixel bytes; bits that hold no value are cleared. */
export function storedPixels(bytes: Uint8Array, slice: Slice, name: string): VoxelArray {
  const { format, syntax } = slice;
  const storage: Storage = STORAGES[format.bitsAllocated][format.signed ? 1 : 0];
  const values = typedView(bytes, storage, syntax.littleEndian, name);
  const { bitsStored, highBit, bitsAllocated, signed } = format;
  return bitsStored === bitsAllocated ? values : cleared(values, 31 - highBit, 32 - bitsStored, signed);
}

/** Old files keep graphics in the bits above (and below) the value; shifting drops them and extends the sign. */
function cleared(values: VoxelArray, left: number, right: number, signed: boolean): VoxelArray {
  const clean = values.slice();
  for (let i = 0; i < clean.length; i += 1) {
    const top = (clean[i] as number) << left;
    clean[i] = signed ? top >> right : top >>> right;
  }
  return clean;
}

/** Bytes of the pixels of an uncompressed slice. */
export function pixelBytes({ rows, columns, format }: Slice): number {
  return rows * columns * (format.bitsAllocated / 8);
}
