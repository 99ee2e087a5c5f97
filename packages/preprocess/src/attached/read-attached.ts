import { allocating } from '../allocate.js';
import { PreprocessError } from '../errors.js';
import { type NiftiLimits, type ReadOptions, resolveLimits } from '../nifti/limits.js';
import { typedView } from '../nifti/voxels.js';
import type { Volume } from '../volume.js';
import { attachedVolume } from './attached-volume.js';
import type { DeclaredImage } from './declared-image.js';
import { judgePresence, truncated, warnSurplus } from './judge-size.js';
import { type Refuse, refuserOf } from './refuse.js';
import type { VoxelSource } from './voxel-source.js';

/** A format of a text header with its voxels behind it. */
export interface TextFormat {
  /** What its error codes start with. */
  readonly code: string;
  /** Judges the header at the start of a file, before a voxel is read. */
  judge(start: Uint8Array, limits: NiftiLimits, refuse: Refuse): DeclaredImage;
}

/**
 * Reads a file of a text header and attached voxels: the header is judged, then the number of bytes, and only then is
 * anything unpacked, never more than promised. Throws `<format>-truncated`, `<format>-damaged`, `out-of-memory` and
 * what the judge throws.
 */
export async function readAttached(
  source: VoxelSource,
  format: TextFormat,
  name: string,
  options: ReadOptions,
): Promise<Volume> {
  const refuse = refuserOf(format.code, name);
  const limits = resolveLimits(options);
  // One byte more than a header may have tells a header that is too long from one that ends with the file.
  const declared = format.judge(await source.read(0, limits.maxExtensionBytes + 1), limits, refuse);
  judgePresence(source.size - declared.dataOffset, declared, name, options, refuse);
  const stored = await storedBytes(source, declared, name, options, refuse);
  if (stored.length < declared.dataBytes) throw truncated(stored.length, declared.dataBytes, refuse);
  return attachedVolume(typedView(stored, declared.storage, declared.littleEndian, name), declared);
}

async function storedBytes(
  source: VoxelSource,
  declared: DeclaredImage,
  name: string,
  options: ReadOptions,
  refuse: Refuse,
): Promise<Uint8Array> {
  const { packing, dataOffset, dataBytes } = declared;
  if (packing === 'raw') return source.read(dataOffset, dataBytes);
  const body = allocating(dataBytes, name, () => new Uint8Array(dataBytes));
  try {
    const { filled, surplus } = await fill(body, source.unpack(dataOffset, packing));
    if (surplus) warnSurplus(name, options);
    return body.subarray(0, filled);
  } catch (cause) {
    if (PreprocessError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const fault = `its ${packing} stream is damaged or cut off (${reason})`;
    throw refuse('damaged', fault, 'copy or download the file again', cause);
  }
}

/** Takes pieces to the end of the stream, where its checksum is compared, or until more come than fit. */
async function fill(
  body: Uint8Array,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ filled: number; surplus: boolean }> {
  let filled = 0;
  for await (const piece of pieces) {
    const kept = piece.subarray(0, body.length - filled);
    body.set(kept, filled);
    filled += kept.length;
    if (kept.length < piece.length) return { filled, surplus: true };
  }
  return { filled, surplus: false };
}
