import { quoted } from '../safetensors-header.js';
import type { ArchiveLimits } from './archive-limits.js';
import { malformedArchive } from './malformed-archive.js';

/** A file in a zip archive as the central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** The files of an archive, and where the directory that lists them begins. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  readonly start: number;
}

/**
 * Reads the central directory (PKWARE's APPNOTE 4.3, with zip64). Names that lead out of a folder, links, encrypted files,
 * several disks and methods other than stored and deflated are refused.
 * @throws NetworkError `bad-pytorch-file`
 */
export function readZipDirectory(bytes: Uint8Array, limits: ArchiveLimits, source: string): ZipDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, size, start, end } = findDirectory(view, source);
  if (count > limits.maxEntries)
    throw malformedArchive(source, `its ${count} files exceed the limit maxEntries = ${limits.maxEntries}`);
  if (start + size > end) throw malformedArchive(source, 'its directory does not fit before its end record');
  const entries: ZipEntry[] = [];
  let position = start;
  for (let index = 0; index < count; index++) {
    const { entry, next } = readEntry(bytes, view, position, start + size, source);
    entries.push(entry);
    position = next;
  }
  if (position !== start + size)
    throw malformedArchive(source, 'its directory is longer than its files need');
  return { entries, start };
}

interface EndRecord {
  readonly count: number;
  readonly size: number;
  readonly start: number;
  /** First byte after all that the directory may cover. */
  readonly end: number;
}

const signatures = {
  entry: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;
const [endBytes, locatorBytes, end64Bytes, entryBytes] = [22, 20, 56, 46];

function findDirectory(view: DataView, source: string): EndRecord {
  const at = findEnd(view, source);
  const disks = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  const locator = at - locatorBytes;
  if (locator >= 0 && view.getUint32(locator, true) === signatures.locator64)
    return readEnd64(view, locator, source);
  if (disks.some((disk) => disk !== 0)) throw malformedArchive(source, 'it is spread over several disks');
  return {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
    end: at,
  };
}

/** The end record is the last thing in the file but a comment of at most 65535 bytes. */
function findEnd(view: DataView, source: string): number {
  const last = view.byteLength - endBytes;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    const isEnd = view.getUint32(at, true) === signatures.end && view.getUint16(at + 20, true) === last - at;
    if (isEnd) return at;
  }
  throw malformedArchive(source, 'it has no end record of a zip archive; it may be cut short');
}

function readEnd64(view: DataView, locator: number, source: string): EndRecord {
  const at = whole(view, locator + 8, source);
  const isRecord =
    at + end64Bytes <= locator &&
    view.getUint32(at, true) === signatures.end64 &&
    whole(view, at + 4, source) === locator - at - 12;
  if (!isRecord) throw malformedArchive(source, 'its zip64 end record is not where the locator says');
  if (view.getUint32(at + 16, true) !== 0 || view.getUint32(at + 20, true) !== 0)
    throw malformedArchive(source, 'it is spread over several disks');
  return {
    count: whole(view, at + 32, source),
    size: whole(view, at + 40, source),
    start: whole(view, at + 48, source),
    end: at,
  };
}

function whole(view: DataView, at: number, source: string): number {
  const value = view.getBigUint64(at, true);
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw malformedArchive(source, `it gives a size or place of ${value} bytes`);
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  source: string,
): { entry: ZipEntry; next: number } {
  if (at + entryBytes > end || view.getUint32(at, true) !== signatures.entry)
    throw malformedArchive(source, 'its directory is shorter than its count of files');
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
    view.getUint16(at + offset, true),
  ) as [number, number, number];
  const extra = at + entryBytes + nameLength;
  const next = extra + extraLength + commentLength;
  if (next > end) throw malformedArchive(source, 'a file of its directory reaches beyond it');
  const name = readName(bytes.subarray(at + entryBytes, extra), source);
  checkKind(view, at, name, source);
  const sizes = readSizes(view, at, { start: extra, end: extra + extraLength }, name, source);
  const isDeflated = view.getUint16(at + 10, true) === 8;
  if (!isDeflated && sizes.packedBytes !== sizes.bytes)
    throw malformedArchive(source, `${quoted(name)} is stored, but its two sizes differ`);
  return { entry: { name, isDeflated, checksum: view.getUint32(at + 16, true), ...sizes }, next };
}

function readName(bytes: Uint8Array, source: string): string {
  const name = decodeName(bytes, source);
  const isUnsafe =
    name === '' ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character in a name is what is looked for
    /^[/~]|[\\:\u0000-\u001f\u007f]/.test(name) ||
    name.split('/').some((part) => part === '..' || part === '.' || part === '');
  if (isUnsafe) throw malformedArchive(source, `the name ${quoted(name)} is not allowed in it`);
  return name;
}

function decodeName(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformedArchive(source, 'the name of a file is not UTF-8');
  }
}

function checkKind(view: DataView, at: number, name: string, source: string): void {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const fileType = (view.getUint32(at + 38, true) >>> 16) & 0xf000;
  if (flags & 0x2041) throw malformedArchive(source, `${quoted(name)} is encrypted`);
  if (method !== 0 && method !== 8)
    throw malformedArchive(source, `${quoted(name)} is packed by method ${method}, expected 0 or 8`);
  // 0o10 is a plain file and 0 an archive made without file types.
  if (fileType !== 0 && fileType !== 0x8000)
    throw malformedArchive(source, `${quoted(name)} is a link or another special file`);
  if (view.getUint16(at + 34, true) !== 0) throw malformedArchive(source, 'it is spread over several disks');
}

interface Sizes {
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

/** Sizes and place; those that do not fit in 32 bits stand in the zip64 extra field, in this order. */
function readSizes(
  view: DataView,
  at: number,
  extra: { readonly start: number; readonly end: number },
  name: string,
  source: string,
): Sizes {
  let position = findExtra64(view, extra, name, source);
  const take = (offset: number): number => {
    const value = view.getUint32(at + offset, true);
    if (value !== 0xffffffff) return value;
    if (position.start + 8 > position.end)
      throw malformedArchive(source, `the zip64 field of ${quoted(name)} lacks a size`);
    position = { start: position.start + 8, end: position.end };
    return whole(view, position.start - 8, source);
  };
  const bytes = take(24);
  return { bytes, packedBytes: take(20), offset: take(42) };
}

function findExtra64(
  view: DataView,
  { start, end }: { readonly start: number; readonly end: number },
  name: string,
  source: string,
): { start: number; end: number } {
  for (let at = start; at + 4 <= end; ) {
    const next = at + 4 + view.getUint16(at + 2, true);
    if (next > end) throw malformedArchive(source, `an extra field of ${quoted(name)} reaches beyond it`);
    if (view.getUint16(at, true) === 1) return { start: at + 4, end: next };
    at = next;
  }
  return { start: end, end };
}
