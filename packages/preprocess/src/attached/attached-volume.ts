import { gather } from '../gather/gather.js';
import { denseLayout } from '../gather/layout.js';
import { fromFileOrder } from '../nifti/voxels.js';
import { allocateLike, type Volume, type VoxelArray } from '../volume.js';
import type { DeclaredImage } from './declared-image.js';

/** A volume from values in the order of the file. */
export function attachedVolume(values: VoxelArray, declared: DeclaredImage): Volume {
  const { shape, channels, affine } = declared;
  const interleaved = declared.channelsFirst && channels > 1;
  const data = interleaved ? fromInterleaved(values, declared) : fromFileOrder(values, shape, channels);
  return { data, shape, channels, affine };
}

/** Reorders values stored channel fastest, then first axis, into C order `[D, H, W, C]`. */
function fromInterleaved(stored: VoxelArray, { shape, channels }: DeclaredImage): VoxelArray {
  const ordered = allocateLike(stored, stored.length);
  const strides = [channels, channels * shape[0], channels * shape[0] * shape[1]] as const;
  for (let channel = 0; channel < channels; channel += 1) {
    gather(stored, { offset: channel, strides }, ordered, denseLayout(shape, channels, channel), shape);
  }
  return ordered;
}
