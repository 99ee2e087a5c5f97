import { createHash } from 'node:crypto';
import { TrainerError } from '../errors.js';

/** What stands in place of the hash while it is computed. */
export const openSeal: string = '0'.repeat(64);

/** Written by the safetensors writer for the metadata key `sha256`; it comes before any tensor's name. */
const mark = '"sha256":"';

/** Writes, into the metadata key `sha256`, the SHA-256 of the file as it was with `openSeal` there. */
export function seal(bytes: Uint8Array): void {
  const place = placeOf(bytes);
  if (place === null) throw unsealable();
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).write(hashOf(bytes), place, 'latin1');
}

/** Whether the file is byte for byte the one that was sealed. */
export function sealHolds(bytes: Uint8Array): boolean {
  const place = placeOf(bytes);
  if (place === null) return false;
  const copy = Buffer.from(bytes);
  const found = copy.toString('latin1', place, place + openSeal.length);
  copy.write(openSeal, place, 'latin1');
  return hashOf(copy) === found;
}

function placeOf(bytes: Uint8Array): number | null {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(mark, 8, 'latin1');
  const place = at + mark.length;
  return at === -1 || place + openSeal.length > bytes.byteLength ? null : place;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function unsealable(): TrainerError {
  return new TrainerError(
    'unsealable',
    'a checkpoint needs the metadata key sha256 to be sealed, and has none',
    {
      kind: 'internal',
      hint: 'report this, it is a fault of the trainer',
    },
  );
}
