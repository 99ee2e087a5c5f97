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

/** Bytes at the end of a gzip member: CRC-32 and size modulo 2^32. */
export const TRAILER_BYTES = 8;

/** Bytes at the start of a gzip member, without its optional fields. */
export const MEMBER_HEADER_BYTES = 10;

/**
 * What the last 8 bytes of a gzip file say that its last member inflates to, modulo 2^32; undefined where they are zeros,
 * which is padding or an empty member.
 */
export function inflatedSizeOf(trailer: Uint8Array): number | undefined {
  if (trailer.length < TRAILER_BYTES || trailer.every((byte) => byte === 0)) return undefined;
  return new DataView(trailer.buffer, trailer.byteOffset).getUint32(4, true);
}

/**
 * True when a gzip member may begin at or after `from` in `bytes` (RFC 1952, section 2.3: magic, deflate, no reserved
 * flag, a known extra flag). False is certain: then a file is one member, and its trailer counts for the whole.
 */
export function mayHoldMember(bytes: Uint8Array, from: number): boolean {
  const last = bytes.length - MEMBER_HEADER_BYTES;
  for (let at = bytes.indexOf(0x1f, from); at !== -1 && at <= last; at = bytes.indexOf(0x1f, at + 1)) {
    const [second, method, flags, extra] = [bytes[at + 1], bytes[at + 2], bytes[at + 3], bytes[at + 8]];
    const known = extra === 0 || extra === 2 || extra === 4;
    if (second === 0x8b && method === 8 && ((flags ?? 0) & 0xe0) === 0 && known) return true;
  }
  return false;
}
