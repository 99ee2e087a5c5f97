import { allocating } from '../allocate.js';
import { PreprocessError } from '../errors.js';
import { LONGEST_HEADER } from './header.js';
import type { Declared } from './judge.js';
import { declaredBytes } from './judge-compressed.js';
import type { ReadOptions } from './limits.js';
import { truncated } from './parse.js';
import { refusal } from './refusal.js';

// What a promise gets before anything has come; a small file that promises gigabytes must not cost as much.
const FIRST_BYTES = 16 * 2 ** 20;

/** An inflated file, cut off where its header says that the voxels end. */
export interface Collected {
  readonly bytes: Uint8Array;
  readonly declared: Declared;
}

/**
 * Gathers the inflated pieces of a gzip-compressed NIfTI. `judge` gets the first bytes as soon as a header fits in them,
 * and no more is kept than it says is declared. Throws as `judge` does, `nifti-truncated` when pieces are missing, and
 * `nifti-gzip` for a damaged stream.
 */
export async function collectPieces(
  pieces: AsyncIterable<Uint8Array>,
  judge: (start: Uint8Array) => Declared,
  name: string,
  options: ReadOptions,
): Promise<Collected> {
  const collector = new Collector(judge, name, options);
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
  private promised = 0;
  private filled = 0;
  private surplus = false;

  constructor(
    private readonly judge: (start: Uint8Array) => Declared,
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
    const { body, declared, promised, filled, name } = this;
    if (body === undefined || declared === undefined) throw withoutBody(name);
    if (filled < promised) throw truncated(filled, promised, name);
    if (this.surplus) this.options.onWarning?.(`${name}: bytes after the last voxel are ignored`);
    return { bytes: body, declared };
  }

  private open(): Uint8Array {
    this.declared = this.judge(this.head);
    this.promised = declaredBytes(this.declared);
    this.body = this.allocate(Math.min(this.promised, FIRST_BYTES));
    return this.body;
  }

  private append(start: Uint8Array, piece: Uint8Array): boolean {
    const kept = piece.subarray(0, this.promised - this.filled);
    const body = this.filled + kept.length > start.length ? this.grow(start) : start;
    body.set(kept, this.filled);
    this.filled += kept.length;
    this.surplus ||= kept.length < piece.length;
    return !this.surplus;
  }

  /** Room for all that is promised, once as much has come that the promise can be believed. */
  private grow(start: Uint8Array): Uint8Array {
    const whole = this.allocate(this.promised);
    whole.set(start.subarray(0, this.filled));
    this.body = whole;
    return whole;
  }

  private allocate(bytes: number): Uint8Array {
    return allocating(bytes, this.name, () => new Uint8Array(bytes));
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

function withoutBody(name: string): PreprocessError {
  return new PreprocessError('no-voxels', `${name}: the stream ended before its voxels began`, {
    kind: 'data',
    hint: 'copy the file again from its source',
  });
}
