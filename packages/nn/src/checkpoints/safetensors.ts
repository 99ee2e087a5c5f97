import { NetworkError } from '../errors.js';
import {
  defaultLimits,
  type Header,
  type HeaderEntry,
  malformed,
  parseHeader,
  quoted,
  type SafetensorsLimits,
} from './safetensors-header.js';
import { codecs, isStorageType, type StoredTensor } from './storage-types.js';

/** The contents of a safetensors file. */
export interface Safetensors {
  readonly tensors: Map<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

export interface DecodeOptions extends Partial<SafetensorsLimits> {
  /** What errors call the data, such as its path. */
  readonly source?: string;
}

/**
 * Reads a safetensors file (github.com/huggingface/safetensors, format section). Strict: the tensors must
 * cover the data without gap or overlap, sizes must follow from shape and type, and nothing may come twice.
 * The data are views into `bytes` where alignment allows.
 * @throws NetworkError `bad-safetensors` saying what is wrong with which tensor.
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeOptions = {}): Safetensors {
  const source = options.source ?? 'the data';
  const { header, start } = readHeader(bytes, { ...defaultLimits, ...options }, source);
  checkCover(header, bytes.byteLength - start, source);
  const tensors = new Map<string, StoredTensor>();
  // A plain array: the `slice` of Node's Buffer would not copy.
  const contents = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [name, entry] of header.entries)
    tensors.set(name, readTensor(contents, start, name, entry, source));
  return { tensors, metadata: header.metadata };
}

function readHeader(
  bytes: Uint8Array,
  limits: SafetensorsLimits,
  source: string,
): { header: Header; start: number } {
  if (bytes.byteLength < 10)
    throw malformed(source, `it has ${bytes.byteLength} bytes, a header needs at least 10`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(limits.maxHeaderBytes)) {
    throw malformed(
      source,
      `its header of ${length} bytes exceeds the limit maxHeaderBytes = ${limits.maxHeaderBytes}`,
    );
  }
  const start = 8 + Number(length);
  if (start > bytes.byteLength)
    throw malformed(source, `its header of ${length} bytes does not fit in ${bytes.byteLength} bytes`);
  if (bytes[8] !== 0x7b) throw malformed(source, 'its header does not begin with "{"');
  return { header: parseHeader(headerText(bytes.subarray(8, start), source), limits, source), start };
}

function headerText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed(source, 'its header is not UTF-8');
  }
}

function checkCover(header: Header, available: number, source: string): void {
  const sorted = [...header.entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const [name, entry] of sorted) {
    if (entry.begin !== reached)
      throw malformed(source, `tensor ${quoted(name)} begins at ${entry.begin}, expected ${reached}`);
    const size = byteSize(entry);
    if (BigInt(entry.end) - BigInt(entry.begin) !== size) {
      throw malformed(
        source,
        `tensor ${quoted(name)} of ${entry.dtype} [${entry.shape}] needs ${size} bytes, its offsets give ${entry.end - entry.begin}`,
      );
    }
    reached = entry.end;
  }
  if (reached !== available)
    throw malformed(source, `the tensors end at byte ${reached} of the data, the file at ${available}`);
}

function byteSize({ dtype, shape }: { dtype: HeaderEntry['dtype']; shape: readonly number[] }): bigint {
  return shape.reduce((product, side) => product * BigInt(side), BigInt(codecs[dtype].bytes));
}

function readTensor(
  bytes: Uint8Array,
  start: number,
  name: string,
  entry: HeaderEntry,
  source: string,
): StoredTensor {
  const codec = codecs[entry.dtype];
  const from = start + entry.begin;
  const aligned = (bytes.byteOffset + from) % codec.bytes === 0;
  const held = aligned ? bytes.subarray(from, start + entry.end) : bytes.slice(from, start + entry.end);
  const data = codec.decode(held.buffer, held.byteOffset, held.byteLength / codec.bytes);
  if (entry.dtype === 'BOOL' && (data as Uint8Array).some((value) => value > 1)) {
    throw malformed(source, `tensor ${quoted(name)} is BOOL and holds bytes other than 0 and 1`);
  }
  return { dtype: entry.dtype, shape: entry.shape, data };
}

/**
 * Writes a safetensors file: the same tensors and metadata give the same bytes whatever their order, wide
 * types first so that all are aligned. F16 and BF16 take float32 data and round to nearest, ties to even.
 * @throws NetworkError `bad-stored-tensor` if shape, type and data of a tensor disagree or its name is
 * reserved.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  for (const [name, tensor] of tensors) checkStorable(name, tensor);
  for (const [key, value] of metadata) checkText(key, value);
  const sorted = [...tensors].sort(
    ([nameA, a], [nameB, b]) => codecs[b.dtype].bytes - codecs[a.dtype].bytes || order(nameA, nameB),
  );
  const header = new TextEncoder().encode(headerJson(sorted, metadata));
  const size = sorted.reduce((sum, [, tensor]) => sum + Number(byteSize(tensor)), 8 + header.byteLength);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.byteLength), true);
  bytes.set(header, 8);
  writeData(bytes, 8 + header.byteLength, sorted);
  return bytes;
}

function headerJson(
  sorted: readonly [string, StoredTensor][],
  metadata: ReadonlyMap<string, string>,
): string {
  const parts = metadata.size === 0 ? [] : [`"__metadata__":${metadataJson(metadata)}`];
  let begin = 0;
  for (const [name, tensor] of sorted) {
    const end = begin + Number(byteSize(tensor));
    parts.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] })}`,
    );
    begin = end;
  }
  const json = `{${parts.join(',')}}`;
  const bytes = new TextEncoder().encode(json).byteLength;
  return json + ' '.repeat((8 - (bytes % 8)) % 8);
}

function metadataJson(metadata: ReadonlyMap<string, string>): string {
  const members = [...metadata].sort(([a], [b]) => order(a, b));
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

function writeData(bytes: Uint8Array, start: number, sorted: readonly [string, StoredTensor][]): void {
  let position = start;
  for (const [, tensor] of sorted) {
    const stored = codecs[tensor.dtype].encode(tensor.data);
    bytes.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), position);
    position += stored.byteLength;
  }
}

function checkStorable(name: string, tensor: StoredTensor): void {
  checkText(name);
  if (name === '__metadata__') throw unstorable(name, 'this name is reserved');
  if (!isStorageType(tensor.dtype)) throw unstorable(name, `its dtype ${tensor.dtype} is unknown`);
  const { bytes, holds } = codecs[tensor.dtype];
  if (!(tensor.data instanceof holds)) throw unstorable(name, `${tensor.dtype} takes a ${holds.name}`);
  if (!tensor.shape.every((side) => Number.isSafeInteger(side) && side >= 0))
    throw unstorable(name, `its shape is [${tensor.shape}]`);
  if (byteSize(tensor) !== BigInt(tensor.data.length) * BigInt(bytes)) {
    throw unstorable(name, `its shape [${tensor.shape}] does not hold ${tensor.data.length} numbers`);
  }
}

function checkText(name: string, value = ''): void {
  if (name === '__proto__') throw unstorable(name, 'this name is reserved');
  if (/\p{Surrogate}/u.test(name + value)) throw unstorable(name, 'the text is not Unicode');
}

function unstorable(name: string, what: string): NetworkError {
  return new NetworkError('bad-stored-tensor', `cannot write tensor ${quoted(name)}: ${what}`, {
    hint: 'give each tensor data of its dtype and shape, under a name of plain text',
  });
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
