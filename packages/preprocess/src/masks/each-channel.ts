import { allocateLike, checkVolume, type Volume, type VoxelArray, voxelCount } from '../volume.js';

/**
 * The volume with `change` applied to each channel as a dense array `[D, H, W]`, which it may change in place and
 * which is never the volume's own. Throws `volume-size`.
 */
export function eachChannel(volume: Volume, change: (values: VoxelArray) => void): Volume {
  checkVolume(volume);
  const { channels } = volume;
  const data = volume.data.slice();
  if (channels === 1) {
    change(data);
    return { ...volume, data };
  }
  const values = allocateLike(data, voxelCount(volume.shape));
  for (let channel = 0; channel < channels; channel += 1) {
    for (let i = 0; i < values.length; i += 1) values[i] = data[i * channels + channel] as number;
    change(values);
    for (let i = 0; i < values.length; i += 1) data[i * channels + channel] = values[i] as number;
  }
  return { ...volume, data };
}
