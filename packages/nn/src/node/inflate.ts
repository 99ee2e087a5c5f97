import { inflateRawSync } from 'node:zlib';

/** Unpacks raw deflate data; data that would grow beyond `bytes` are an error of zlib, not a full memory. */
export function inflate(packed: Uint8Array, bytes: number): Uint8Array {
  // zlib refuses a limit of 0.
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
}
