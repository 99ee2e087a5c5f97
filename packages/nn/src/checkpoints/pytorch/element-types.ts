import type { StorageType } from '../storage-types.js';

/** How the numbers of a PyTorch storage lie in the file, and the type they are read as. */
export interface ElementType {
  readonly name: string;
  readonly bytes: number;
  readonly stored: StorageType;
  /** Reads narrow integers, which safetensors' types lack here; absent where the bytes are those of `stored`. */
  readonly widen?: (bytes: Uint8Array) => Int32Array;
}

/** The storage classes of PyTorch that hold real numbers. Complex and quantised ones are not read. */
export const elementTypes: ReadonlyMap<string, ElementType> = new Map(
  (
    [
      ['DoubleStorage', 8, 'F64'],
      ['FloatStorage', 4, 'F32'],
      ['HalfStorage', 2, 'F16'],
      ['BFloat16Storage', 2, 'BF16'],
      ['LongStorage', 8, 'I64'],
      ['IntStorage', 4, 'I32'],
      ['ShortStorage', 2, 'I32', widenShorts],
      ['CharStorage', 1, 'I32', widenBytes],
      ['ByteStorage', 1, 'U8'],
      ['BoolStorage', 1, 'BOOL'],
    ] as const
  ).map(([name, bytes, stored, widen]) => [
    `torch ${name}`,
    { name, bytes, stored, ...(widen ? { widen } : {}) },
  ]),
);

function widenShorts(bytes: Uint8Array): Int32Array {
  const copy = bytes.slice();
  return Int32Array.from(new Int16Array(copy.buffer));
}

function widenBytes(bytes: Uint8Array): Int32Array {
  return Int32Array.from(bytes, (byte) => (byte << 24) >> 24);
}
