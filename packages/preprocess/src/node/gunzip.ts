import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { fileFault } from './file-fault.js';

// What a header and small extensions take; no more is inflated before the header was judged.
const START_BYTES = 64 * 1024;
const PIECE_BYTES = 256 * 1024;

/** Compressed bytes that are enough to inflate any header from, behind gzip's own fields of up to 64 KiB each. */
export const GZIP_START_BYTES: number = 192 * 1024;

/** The first 64 KiB at most of what the first bytes of a gzip file inflate to. Throws zlib's error when they are damaged. */
export async function gunzipStart(compressed: Uint8Array): Promise<Uint8Array> {
  const stream = createGunzip({ chunkSize: START_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  stream.end(compressed.subarray(0, GZIP_START_BYTES));
  for await (const piece of stream) return piece as Uint8Array;
  return new Uint8Array(0);
}

/**
 * The inflated pieces of a gzip file, one after the other, while `compressed` is read; zlib checks length and CRC.
 * Throws zlib's error when it is damaged, and as `fileFault` does when it cannot be read.
 */
export async function* gunzipPieces(
  compressed: Readable,
  path: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inflated = createGunzip({ chunkSize: PIECE_BYTES });
  pipeline(compressed, inflated, () => undefined); // its error comes out of the loop below
  try {
    yield* inflated as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw isZlibFault(error) ? error : fileFault(path, error);
  } finally {
    compressed.destroy();
  }
}

function isZlibFault(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}
