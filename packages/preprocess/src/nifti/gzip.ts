/** True when `bytes` start with both magic bytes of gzip and its only method, deflate. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

// Deflate cannot shrink by more than 1032:1 (zlib technical details), and a gzip file has 18 bytes of frame.
const LARGEST_RATIO = 1032;

/** The most bytes that a gzip file of `compressedBytes` can inflate to. */
export function largestInflated(compressedBytes: number): number {
  return Math.max(0, compressedBytes - 18) * LARGEST_RATIO;
}
