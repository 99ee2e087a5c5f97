import { promisify } from 'node:util';
import { constants, createGunzip, gunzip, gunzipSync } from 'node:zlib';

const inflate = promisify(gunzip);

// Enough for any header; at deflate's greatest ratio it inflates to 17 MB.
const START_BYTES = 16 * 1024;
const LARGEST_CHUNK = 64 * 2 ** 20;
const SMALLEST_CHUNK = 64;
const STREAM_CHUNK = 256 * 1024;

/** What the first bytes of a gzip file inflate to. Throws zlib's error when they are damaged. */
export function gunzipStart(compressed: Uint8Array): Uint8Array {
  return gunzipSync(compressed.subarray(0, START_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
}

/**
 * The whole of a gzip file, inflated outside the event loop; zlib checks length and CRC. Undefined when it holds more
 * than `expected` bytes: nothing beyond them is inflated.
 */
export async function gunzipExactly(
  compressed: Uint8Array,
  expected: number,
): Promise<Uint8Array | undefined> {
  // One chunk of the right size saves zlib from joining thousands of small ones.
  const chunkSize = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, expected));
  try {
    return await inflate(compressed, { chunkSize, maxOutputLength: expected });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

/** The inflated pieces of a gzip file held in memory, one after the other. */
export function gunzipPieces(compressed: Uint8Array): AsyncIterable<Uint8Array> {
  const stream = createGunzip({ chunkSize: STREAM_CHUNK });
  stream.end(compressed);
  return stream;
}
