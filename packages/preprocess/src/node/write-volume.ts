import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PreprocessError } from '../errors.js';
import { type EncodeOptions, encodeNifti, encodeNiftiPair } from '../nifti/encode.js';
import { smallestIntegers } from '../smallest-integers.js';
import type { Volume } from '../volume.js';
import { writeAtomically } from './atomic-write.js';

const compress = promisify(gzip);

// Byte 9 of a gzip file names the operating system; 255 is "unknown" (RFC 1952), the same everywhere.
const SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/**
 * Writes a volume as NIfTI, gzip-compressed when `path` ends in `.gz`, atomically: a temporary file, synced, renamed.
 * A path that ends in `.hdr` or `.img` makes both files of a pair, the voxels first, so that a header never stands
 * without them. Equal volumes give equal bytes. A volume whose geometry came from a file keeps that file's sform and
 * qform bits. Throws `bad-path` for compressed pairs, and what `encodeNifti` and `writeAtomically` throw.
 */
export async function writeVolume(path: string, volume: Volume, options: EncodeOptions = {}): Promise<void> {
  const stem = /^(.*)\.(hdr|img)$/.exec(path)?.[1];
  if (stem !== undefined) return writePair(stem, volume, options);
  refusePackedPair(path);
  const bytes = encodeNifti(volume, options);
  await writeAtomically(path, path.endsWith('.gz') ? await compressed(bytes) : bytes);
}

async function writePair(stem: string, volume: Volume, options: EncodeOptions): Promise<void> {
  const { header, voxels } = encodeNiftiPair(volume, options);
  await writeAtomically(`${stem}.img`, voxels);
  await writeAtomically(`${stem}.hdr`, header);
}

function refusePackedPair(path: string): void {
  if (!/\.(hdr|img)\.gz$/.test(path)) return;
  throw new PreprocessError('bad-path', `${path}: compressed pairs are not written`, {
    kind: 'usage',
    hint: 'name the file .nii.gz, or write an uncompressed pair as .hdr',
  });
}

/** Writes a label volume in the smallest integer type that holds its labels. Throws `not-integers` for other values. */
export async function writeMask(path: string, mask: Volume, options: EncodeOptions = {}): Promise<void> {
  await writeVolume(path, smallestIntegers(mask), options);
}

async function compressed(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(bytes);
  packed[SYSTEM_BYTE] = UNKNOWN_SYSTEM;
  return packed;
}
