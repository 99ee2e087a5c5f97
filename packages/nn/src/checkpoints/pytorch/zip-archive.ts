import { quoted } from '../safetensors-header.js';
import type { ArchiveLimits } from './archive-limits.js';
import { crc32 } from './crc32.js';
import { malformedArchive } from './malformed-archive.js';
import { readZipDirectory, type ZipEntry } from './zip-directory.js';

/** Unpacks raw deflate data to exactly this many bytes, or throws. */
export type Inflate = (packed: Uint8Array, bytes: number) => Uint8Array;

export interface ZipArchiveOptions {
  readonly limits: ArchiveLimits;
  readonly source: string;
  /** Without it deflated files are refused. */
  readonly inflate: Inflate | undefined;
  /** Whether checksums must agree. */
  readonly checksums: boolean;
}

/** The files of a zip archive in memory, by name. Nothing is written anywhere. */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #options: ZipArchiveOptions;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #starts: ReadonlyMap<string, number>;

  /** @throws NetworkError `bad-pytorch-file` for an archive that is unsound as a whole, before any file is unpacked. */
  constructor(bytes: Uint8Array, options: ZipArchiveOptions) {
    this.#bytes = bytes;
    this.#options = options;
    const { entries, start } = readZipDirectory(bytes, options.limits, options.source);
    this.#entries = byName(entries, options.source);
    checkSizes(entries, bytes.byteLength, options);
    this.#starts = findContents(bytes, entries, start, options.source);
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Bytes of a file once unpacked; undefined where there is none of this name. */
  sizeOf(name: string): number | undefined {
    return this.#entries.get(name)?.bytes;
  }

  /** A view of a stored file, or a deflated one unpacked. @throws NetworkError `bad-pytorch-file` */
  read(name: string): Uint8Array {
    const { source, checksums } = this.#options;
    const entry = this.#entries.get(name);
    const start = this.#starts.get(name);
    if (entry === undefined || start === undefined)
      throw malformedArchive(source, `it has no file ${quoted(name)}`);
    const packed = this.#bytes.subarray(start, start + entry.packedBytes);
    const contents = entry.isDeflated ? this.#unpack(entry, packed) : packed;
    if (checksums && crc32(contents) !== entry.checksum) throw badChecksum(source, name);
    return contents;
  }

  #unpack(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    const { source, inflate } = this.#options;
    if (inflate === undefined)
      throw malformedArchive(source, `${quoted(entry.name)} is deflated`, 'read it with @bipvl/nn/node');
    const contents = attempt(() => inflate(packed, entry.bytes));
    if (contents?.byteLength === entry.bytes) return contents;
    throw malformedArchive(source, `${quoted(entry.name)} does not unpack to its ${entry.bytes} bytes`);
  }
}

function byName(entries: readonly ZipEntry[], source: string): ReadonlyMap<string, ZipEntry> {
  const named = new Map<string, ZipEntry>();
  for (const entry of entries) {
    if (named.has(entry.name)) throw malformedArchive(source, `it has ${quoted(entry.name)} twice`);
    named.set(entry.name, entry);
  }
  return named;
}

function checkSizes(
  entries: readonly ZipEntry[],
  archiveBytes: number,
  { limits, source }: ZipArchiveOptions,
): void {
  let total = 0;
  for (const { name, bytes } of entries) {
    total += bytes;
    if (bytes > limits.maxEntryBytes)
      throw malformedArchive(
        source,
        `${quoted(name)} of ${bytes} bytes exceeds the limit maxEntryBytes = ${limits.maxEntryBytes}`,
      );
  }
  const allowed = Math.min(limits.maxTotalBytes, limits.maxRatio * archiveBytes);
  if (total > allowed) {
    const limit = allowed === limits.maxTotalBytes ? 'maxTotalBytes' : 'maxRatio';
    throw malformedArchive(
      source,
      `its files unpack to ${total} bytes, which exceeds the limit ${limit} = ${limits[limit]}`,
    );
  }
}

/** Where the contents of each file begin; they may not overlap, so that no byte is unpacked twice. */
function findContents(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  directoryStart: number,
  source: string,
): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  let reached = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset < reached) throw malformedArchive(source, `${quoted(entry.name)} overlaps another file`);
    const start = contentsOf(bytes, entry, source);
    reached = start + entry.packedBytes;
    if (reached > directoryStart)
      throw malformedArchive(source, `${quoted(entry.name)} reaches into the directory`);
    starts.set(entry.name, start);
  }
  return starts;
}

const localBytes = 30;

function contentsOf(bytes: Uint8Array, { name, offset, isDeflated }: ZipEntry, source: string): number {
  const isThere = offset + localBytes <= bytes.byteLength;
  const view = new DataView(bytes.buffer, bytes.byteOffset + (isThere ? offset : 0));
  if (!isThere || view.getUint32(0, true) !== 0x04034b50)
    throw malformedArchive(source, `${quoted(name)} is not where the directory says`);
  const nameLength = view.getUint16(26, true);
  const local = bytes.subarray(offset + localBytes, offset + localBytes + nameLength);
  const agrees = isText(local, name) && view.getUint16(8, true) === (isDeflated ? 8 : 0);
  if (!agrees) throw malformedArchive(source, `the directory and the file ${quoted(name)} disagree`);
  return offset + localBytes + nameLength + view.getUint16(28, true);
}

function isText(bytes: Uint8Array, text: string): boolean {
  const expected = new TextEncoder().encode(text);
  return bytes.length === expected.length && bytes.every((byte, index) => byte === expected[index]);
}

function badChecksum(source: string, name: string): Error {
  return malformedArchive(
    source,
    `the checksum of ${quoted(name)} does not agree with its contents`,
    'fetch it again; where it was saved without checksums (torch.serialization.set_crc32_options), pass checksums: false',
  );
}

/** A decompressor's own error says no more than that the data are bad. */
function attempt(unpack: () => Uint8Array): Uint8Array | undefined {
  try {
    return unpack();
  } catch {
    return undefined;
  }
}
