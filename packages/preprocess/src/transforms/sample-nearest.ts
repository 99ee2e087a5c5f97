import { wordsOf } from '../gather/words.js';
import { allocateLike, type Shape3, type Volume, type VoxelArray, voxelCount } from '../volume.js';
import type { Taps } from './sample-linear.js';

/** The nearest voxel of every sample, all channels, in the array type of the volume. */
export function sampleNearest(volume: Volume, shape: Shape3, [d, h, w]: Taps): VoxelArray {
  const { channels } = volume;
  const result = allocateLike(volume.data, voxelCount(shape) * channels);
  const source = wordsOf(volume.data);
  const target = wordsOf(result);
  const { low } = w;
  let next = 0;
  for (let i = 0; i < shape[0]; i += 1) {
    for (let j = 0; j < shape[1]; j += 1) {
      const row = ((d.low[i] as number) * volume.shape[1] + (h.low[j] as number)) * volume.shape[2];
      for (let k = 0; k < low.length; k += 1) {
        const from = (row + (low[k] as number)) * channels;
        for (let channel = 0; channel < channels; channel += 1, next += 1) {
          target[next] = source[from + channel] as number;
        }
      }
    }
  }
  return result;
}
