import type { Packing } from './declared-image.js';

/** Where the bytes of a file come from: a blob in a browser, an open file in Node. */
export interface VoxelSource {
  /** Bytes of the whole file. */
  readonly size: number;
  /** `length` bytes from `start` on, fewer where the file ends. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** What the bytes from `start` on unpack to, piece by piece; rejects when they are damaged. */
  unpack(start: number, packing: Exclude<Packing, 'raw'>): AsyncIterable<Uint8Array>;
}

/** A source that unpacks by `DecompressionStream`, in any browser, worker or Node. */
export function blobSource(blob: Blob): VoxelSource {
  return {
    size: blob.size,
    read: async (start, length) =>
      new Uint8Array(await blob.slice(start, Math.min(blob.size, start + length)).arrayBuffer()),
    unpack: (start, packing) => inflate(blob.slice(start), packing === 'gzip' ? 'gzip' : 'deflate'),
  };
}

async function* inflate(
  packed: Blob,
  format: 'gzip' | 'deflate',
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = packed.stream().pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined); // a stream that failed already says so above
  }
}
