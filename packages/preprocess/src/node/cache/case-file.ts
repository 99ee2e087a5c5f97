import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Volume } from '../../volume.js';
import { writeAtomically } from '../atomic-write.js';
import { type CaseHeader, parseHeader, writeHeader } from './case-header.js';
import type { PreparedCase } from './prepare-case.js';

/*
 * A cached case is one file: magic, length of the header (32 bits), header (JSON, padded), image (float32), label, and
 * the SHA-256 of all that, so that a file that was cut off, flipped or filled with zeros is known for what it is.
 */
const MAGIC = Buffer.from('BIPVLCASE1\n\0', 'latin1');
const PREFIX_BYTES = MAGIC.length + 4;
const DIGEST_BYTES = 32;
const ALIGNMENT = 64;
const PIECE_BYTES = 2 ** 22;

/** Where the parts of an intact cached case lie, and the checksum over it. */
export interface CaseFile {
  readonly path: string;
  readonly header: CaseHeader;
  readonly imageOffset: number;
  readonly labelOffset: number;
  readonly digest: string;
}

/** Writes a prepared case in one stroke. Throws `file-resource` where the disk is full, `file-unreadable`. */
export async function writeCaseFile(path: string, key: string, prepared: PreparedCase): Promise<void> {
  const { image, label, index } = prepared;
  const { shape, channels, affine } = image;
  const type = label.data instanceof Uint8Array ? 'uint8' : 'int32';
  const head = headBytes(writeHeader({ key, shape, channels, affine, label: type, index }));
  const parts = [head, bytesOf(image), bytesOf(label)];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  await writeAtomically(path, Buffer.concat([...parts, hash.digest()]));
}

/** Reads a cached case through and returns where its parts lie; undefined where it is missing, damaged or another case. */
export function openCaseFile(path: string, key: string): CaseFile | 'missing' | 'damaged' {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return 'missing';
  }
  try {
    return inspect(path, file, key) ?? 'damaged';
  } finally {
    closeSync(file);
  }
}

function inspect(path: string, file: number, key: string): CaseFile | undefined {
  const size = statSync(path).size;
  const prefix = Buffer.alloc(PREFIX_BYTES);
  readSync(file, prefix, 0, PREFIX_BYTES, 0);
  const headerBytes = prefix.readUInt32LE(MAGIC.length);
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC) || PREFIX_BYTES + headerBytes > size) return undefined;
  const digest = checkedDigest(file, size);
  if (digest === undefined) return undefined;
  const text = Buffer.alloc(headerBytes);
  readSync(file, text, 0, headerBytes, PREFIX_BYTES);
  const header = parseHeader(text.toString('utf8'));
  if (header === undefined || header.key !== key) return undefined;
  const imageOffset = PREFIX_BYTES + headerBytes;
  const voxels = header.shape[0] * header.shape[1] * header.shape[2];
  return { path, header, imageOffset, labelOffset: imageOffset + voxels * header.channels * 4, digest };
}

/** The checksum at the end of the file, where it is that of all before it. */
function checkedDigest(file: number, size: number): string | undefined {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const end = size - DIGEST_BYTES;
  for (let at = 0; at < end; ) {
    const read = readSync(file, piece, 0, Math.min(PIECE_BYTES, end - at), at);
    if (read === 0) return undefined;
    hash.update(piece.subarray(0, read));
    at += read;
  }
  const stored = Buffer.alloc(DIGEST_BYTES);
  readSync(file, stored, 0, DIGEST_BYTES, Math.max(0, end));
  const found = hash.digest();
  return found.equals(stored) ? found.toString('hex') : undefined;
}

function headBytes(header: string): Buffer {
  const length = Buffer.byteLength(header);
  const padded = Math.ceil((PREFIX_BYTES + length) / ALIGNMENT) * ALIGNMENT - PREFIX_BYTES;
  const bytes = Buffer.alloc(PREFIX_BYTES + padded, ' ');
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(padded, MAGIC.length);
  bytes.write(header, PREFIX_BYTES);
  return bytes;
}

function bytesOf({ data }: Volume): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
