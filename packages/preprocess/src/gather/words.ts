import type { VoxelArray } from '../volume.js';

/** Four array types instead of eight: a copy moves bits, not numbers, and a loop stays fast while it sees few types. */
export type Words = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The same memory as words of the width of its elements. */
export function wordsOf(array: VoxelArray): Words {
  const { buffer, byteOffset, length } = array;
  switch (array.BYTES_PER_ELEMENT) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Uint32Array(buffer, byteOffset, length);
    default:
      return new Float64Array(buffer, byteOffset, length);
  }
}
