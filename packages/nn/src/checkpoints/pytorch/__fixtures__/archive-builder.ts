import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../crc32.js';

/** A file to put in a zip archive, with whatever should be wrong about it. */
export interface BuiltEntry {
  readonly name: string;
  readonly contents?: Uint8Array;
  readonly isDeflated?: boolean;
  /** Raw bytes of the name in place of its UTF-8. */
  readonly nameBytes?: Uint8Array;
  readonly localName?: string;
  readonly method?: number;
  readonly localMethod?: number;
  readonly flags?: number;
  readonly checksum?: number;
  readonly bytes?: number;
  readonly packedBytes?: number;
  readonly offset?: number;
  readonly attributes?: number;
  readonly disk?: number;
  readonly extra?: Uint8Array;
}

export interface BuiltEnd {
  readonly count?: number;
  readonly size?: number;
  readonly start?: number;
  readonly disk?: number;
  readonly comment?: Uint8Array;
  readonly after?: Uint8Array;
}

/** A zip archive by the rules, but for what its entries and end say otherwise. */
export function buildZip(entries: readonly BuiltEntry[], end: BuiltEnd = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let position = 0;
  for (const entry of entries) {
    const contents = entry.contents ?? new Uint8Array(0);
    const packed = entry.isDeflated ? deflateRawSync(contents) : contents;
    const offset = position;
    const local = record(30, packed, contents, { ...entry, name: entry.localName ?? entry.name }, offset);
    directory.push(record(46, packed, contents, entry, offset));
    parts.push(local, packed);
    position += local.length + packed.length;
  }
  const listed = join(directory);
  return join([...parts, listed, endRecord(directory.length, listed.length, position, end)]);
}

function record(
  headerBytes: 30 | 46,
  packed: Uint8Array,
  contents: Uint8Array,
  entry: BuiltEntry,
  offset: number,
): Uint8Array {
  const isLocal = headerBytes === 30;
  const name = entry.nameBytes ?? text(entry.name);
  const extra = isLocal ? new Uint8Array(0) : (entry.extra ?? new Uint8Array(0));
  const header = new DataView(new ArrayBuffer(headerBytes));
  const shift = isLocal ? 0 : 2;
  const method = entry.method ?? (entry.isDeflated ? 8 : 0);
  header.setUint32(0, isLocal ? 0x04034b50 : 0x02014b50, true);
  header.setUint16(6 + shift, entry.flags ?? 0, true);
  header.setUint16(8 + shift, isLocal ? (entry.localMethod ?? method) : method, true);
  header.setUint32(14 + shift, entry.checksum ?? crc32(contents), true);
  header.setUint32(18 + shift, entry.packedBytes ?? packed.length, true);
  header.setUint32(22 + shift, entry.bytes ?? contents.length, true);
  header.setUint16(26 + shift, name.length, true);
  header.setUint16(28 + shift, extra.length, true);
  if (!isLocal) {
    header.setUint16(34, entry.disk ?? 0, true);
    header.setUint32(38, entry.attributes ?? 0, true);
    header.setUint32(42, entry.offset ?? offset, true);
  }
  return join([new Uint8Array(header.buffer), name, extra]);
}

function endRecord(count: number, size: number, start: number, end: BuiltEnd): Uint8Array {
  const comment = end.comment ?? new Uint8Array(0);
  const header = new DataView(new ArrayBuffer(22));
  header.setUint32(0, 0x06054b50, true);
  header.setUint16(4, end.disk ?? 0, true);
  header.setUint16(8, end.count ?? count, true);
  header.setUint16(10, end.count ?? count, true);
  header.setUint32(12, end.size ?? size, true);
  header.setUint32(16, end.start ?? start, true);
  header.setUint16(20, comment.length, true);
  return join([new Uint8Array(header.buffer), comment, end.after ?? new Uint8Array(0)]);
}

/** A checkpoint with this pickle program and storage '0' of these bytes. */
export function buildCheckpoint(program: Uint8Array, storage: Uint8Array = new Uint8Array(8)): Uint8Array {
  return buildZip([
    { name: 'archive/data.pkl', contents: program },
    { name: 'archive/byteorder', contents: text('little') },
    { name: 'archive/data/0', contents: storage },
  ]);
}

/** Numbers are operations, texts are Latin-1, lists of bytes are nested. */
export type ProgramPart = number | string | readonly number[];

/** Bytes of a pickle program. */
export function program(...parts: ProgramPart[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'string') return [...part].map((letter) => letter.charCodeAt(0));
      return typeof part === 'number' ? [part] : [...part];
    }),
  );
}

/** BINUNICODE. */
export function unicode(value: string): readonly number[] {
  const bytes = text(value);
  return [0x58, ...int32(bytes.length), ...bytes];
}

/** Little-endian 32 bits. */
export function int32(value: number): readonly number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)];
}

/** Pushes storage '0' of this class and length. */
export function storage(kind = 'FloatStorage', length = 2, key = '0'): readonly number[] {
  return [
    ...program('(', unicode('storage'), `ctorch\n${kind}\n`, unicode(key), unicode('cpu'), 0x4a, int32(length), 't', 'Q'),
  ];
}

/** Pushes the call of _rebuild_tensor_v2 with these arguments, given as operations. */
export function tensor(
  from: readonly number[],
  offset: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
): readonly number[] {
  return [...program('ctorch._utils\n_rebuild_tensor_v2\n(', from, offset, tuple(shape), tuple(strides), 0x89, 'N', 't', 'R')];
}

/** BININT. */
export function integer(value: number): readonly number[] {
  return [0x4a, ...int32(value)];
}

/** A tuple of integers. */
export function tuple(values: readonly number[]): readonly number[] {
  return [0x28, ...values.flatMap((value) => integer(value)), 0x74];
}

/** A program that yields a dictionary of one entry. */
export function dictionary(value: readonly number[], key: readonly number[] = unicode('a')): Uint8Array {
  return program(0x80, 2, '}', key, value, 's', '.');
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
