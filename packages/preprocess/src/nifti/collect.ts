import { PreprocessError } from '../errors.js';
import { LONGEST_HEADER } from './header.js';
import type { Declared } from './judge.js';
import { declaredBytes, judgeCompressed } from './judge-compressed.js';
import type { ReadOptions } from './limits.js';
import { truncated } from './parse.js';
import { refusal } from './refusal.js';

/** An inflated file, cut off where its header says that the voxels end. */
export interface Collected {
  readonly bytes: Uint8Array;
  readonly declared: Declared;
}

/**
 * Gathers the inflated pieces of a gzip-compressed NIfTI of `compressedBytes`. The header is judged as soon as it is
 * there, and no more is kept than it declares. Throws as `parseNifti` does, and `nifti-gzip` for a damaged stream.
 */
export async function collectPieces(
  pieces: AsyncIterable<Uint8Array>,
  compressedBytes: number,
  name: string,
  options: ReadOptions,
): Promise<Collected> {
  const collector = new Collector(compressedBytes, name, options);
  try {
    for await (const piece of pieces) {
      if (!collector.push(piece)) break;
    }
  } catch (error) {
    throw PreprocessError.isInstance(error) ? error : damagedStream(error, name);
  }
  return collector.finish();
}

class Collector {
  private head: Uint8Array = new Uint8Array(0);
  private body: Uint8Array | undefined;
  private declared: Declared | undefined;
  private filled = 0;
  private surplus = false;

  constructor(
    private readonly compressedBytes: number,
    private readonly name: string,
    private readonly options: ReadOptions,
  ) {}

  /** Takes the next piece; false when all that was promised is there and more came. */
  push(piece: Uint8Array): boolean {
    if (this.body !== undefined) return this.append(this.body, piece);
    this.head = joined(this.head, piece);
    return this.head.length < LONGEST_HEADER || this.append(this.open(), this.head);
  }

  finish(): Collected {
    if (this.body === undefined) this.append(this.open(), this.head);
    const { body, declared, filled, name } = this;
    if (body === undefined || declared === undefined) throw withoutBody(name);
    if (filled < body.length) throw truncated(filled, body.length, name);
    if (this.surplus) this.options.onWarning?.(`${name}: bytes after the last voxel are ignored`);
    return { bytes: body, declared };
  }

  private open(): Uint8Array {
    this.declared = judgeCompressed(this.head, this.compressedBytes, this.name, this.options);
    this.body = allocate(declaredBytes(this.declared), this.name);
    return this.body;
  }

  private append(body: Uint8Array, piece: Uint8Array): boolean {
    const kept = piece.subarray(0, body.length - this.filled);
    body.set(kept, this.filled);
    this.filled += kept.length;
    this.surplus ||= kept.length < piece.length;
    return !this.surplus;
  }
}

/** The error for a gzip stream that cannot be inflated to its end. */
export function damagedStream(cause: unknown, name: string): PreprocessError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const fault = `its gzip stream is damaged or cut off (${reason})`;
  return refusal('nifti-gzip', name, fault, 'copy or download the file again', cause);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function allocate(bytes: number, name: string): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new PreprocessError('out-of-memory', `${name}: ${bytes} bytes cannot be allocated`, {
      kind: 'resource',
      hint: 'crop or split the scan, or use a machine with more memory',
      cause,
    });
  }
}

function withoutBody(name: string): PreprocessError {
  return new PreprocessError('no-voxels', `${name}: the stream ended before its voxels began`, {
    kind: 'data',
    hint: 'copy the file again from its source',
  });
}
