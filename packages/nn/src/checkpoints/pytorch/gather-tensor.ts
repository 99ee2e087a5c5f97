import { quoted } from '../safetensors-header.js';
import { codecs, type StoredData, type StoredTensor } from '../storage-types.js';
import type { ArchiveLimits } from './archive-limits.js';
import { malformedArchive } from './malformed-archive.js';
import type { StorageReference, TensorReference } from './pickle-values.js';

/** The numbers of a storage as they are read; halves become float32, narrow integers int32. */
export function decodeStorage(bytes: Uint8Array, { type, length }: StorageReference): StoredData {
  if (type.widen) return type.widen(bytes);
  const isAligned = bytes.byteOffset % type.bytes === 0;
  const held = isAligned ? bytes : bytes.slice();
  return codecs[type.stored].decode(held.buffer, held.byteOffset, length);
}

/** Counts what a tensor holds, and refuses one that its storage does not hold or that is larger than allowed. */
export function checkTensor(
  name: string,
  tensor: TensorReference,
  limits: ArchiveLimits,
  source: string,
): number {
  const { storage, offset, shape, strides } = tensor;
  if (shape.length > limits.maxDimensions)
    throw malformedArchive(
      source,
      `tensor ${quoted(name)} has ${shape.length} axes, more than maxDimensions = ${limits.maxDimensions}`,
    );
  const size = shape.reduce((product, side) => product * side, 1);
  if (!Number.isSafeInteger(size))
    throw malformedArchive(source, `tensor ${quoted(name)} has shape [${shape}]`);
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * (strides[axis] as number), offset);
  if (size > 0 && !(last < storage.length))
    throw malformedArchive(
      source,
      `tensor ${quoted(name)} reaches element ${last} of a storage of ${storage.length}`,
    );
  return size;
}

/** The tensor in row-major order: a view of its storage where it lies there so, else a copy. */
export function gatherTensor(tensor: TensorReference, data: StoredData, size: number): StoredTensor {
  const { storage, offset, shape } = tensor;
  const dtype = storage.type.stored;
  if (size === 0 || isRowMajor(tensor)) return { dtype, shape, data: data.subarray(offset, offset + size) };
  const gathered = new codecs[dtype].holds(size);
  copyStrided(tensor, data, gathered);
  return { dtype, shape, data: gathered };
}

function isRowMajor({ shape, strides }: TensorReference): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis] as number;
    if (side !== 1 && strides[axis] !== expected) return false;
    expected *= side;
  }
  return true;
}

/** Row by row along the last axis, with the place of the row counted up like an odometer. */
function copyStrided({ offset, shape, strides }: TensorReference, from: StoredData, to: StoredData): void {
  const last = shape.length - 1;
  const [width, step] = [shape[last] as number, strides[last] as number];
  const counters = new Array<number>(last).fill(0);
  let start = offset;
  for (let written = 0; written < to.length; written += width) {
    for (let i = 0; i < width; i++) to[written + i] = from[start + i * step] as never;
    for (let axis = last - 1; axis >= 0; axis--) {
      const [side, stride] = [shape[axis] as number, strides[axis] as number];
      counters[axis] = (counters[axis] as number) + 1;
      start += stride;
      if ((counters[axis] as number) < side) break;
      counters[axis] = 0;
      start -= side * stride;
    }
  }
}
