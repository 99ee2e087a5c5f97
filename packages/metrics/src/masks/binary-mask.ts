import type { Mask } from '../grid.js';
import { wordsOf } from '../label-words.js';

/** The mask with 1 for every voxel that is not 0. */
export function binaryMask(mask: Mask): Uint8Array {
  const words = wordsOf(mask);
  const binary = new Uint8Array(words.length);
  for (let i = 0; i < words.length; i++) binary[i] = words[i] === 0 ? 0 : 1;
  return binary;
}
