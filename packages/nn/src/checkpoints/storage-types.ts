import { brainFloatToNumber, halfToNumber, numberToBrainFloat, numberToHalf } from './half.js';

/** The element types of safetensors that we read and write. */
export type StorageType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'U8' | 'BOOL';

/**
 * What stored elements become in memory: halves become float32, booleans bytes of 0 and 1, 64-bit integers
 * bigints.
 */
export type StoredData = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor as a file holds it: row-major data of the given shape. */
export interface StoredTensor {
  readonly dtype: StorageType;
  readonly shape: readonly number[];
  readonly data: StoredData;
}

interface Codec {
  readonly bytes: number;
  /** The array class of the decoded data. */
  readonly holds: new (
    length: number,
  ) => StoredData;
  /** A view of aligned bytes where the file's layout is the memory's, else a converted copy. */
  readonly decode: (buffer: ArrayBufferLike, offset: number, count: number) => StoredData;
  readonly encode: (data: StoredData) => ArrayBufferView;
}

/** How the elements of each type lie in a file; little-endian, as is every platform with a TensorFlow. */
export const codecs: Readonly<Record<StorageType, Codec>> = {
  F64: plain(Float64Array),
  F32: plain(Float32Array),
  F16: converted(halfToNumber, numberToHalf),
  BF16: converted(brainFloatToNumber, numberToBrainFloat),
  I64: plain(BigInt64Array),
  I32: plain(Int32Array),
  U8: plain(Uint8Array),
  BOOL: plain(Uint8Array),
};

export function isStorageType(text: string): text is StorageType {
  return Object.hasOwn(codecs, text);
}

interface ArrayClass {
  new (length: number): StoredData;
  new (buffer: ArrayBufferLike, offset: number, length: number): StoredData;
  readonly BYTES_PER_ELEMENT: number;
}

function plain(holds: ArrayClass): Codec {
  return {
    bytes: holds.BYTES_PER_ELEMENT,
    holds,
    decode: (buffer, offset, count) => new holds(buffer, offset, count),
    encode: (data) => data,
  };
}

function converted(toNumber: (bits: number) => number, toBits: (value: number) => number): Codec {
  return {
    bytes: 2,
    holds: Float32Array,
    decode: (buffer, offset, count) => Float32Array.from(new Uint16Array(buffer, offset, count), toNumber),
    encode: (data) => Uint16Array.from(data as Float32Array, toBits),
  };
}
