import { PreprocessError } from './errors.js';
import { affinesClose } from './geometry/affine.js';
import { sameShape, type Volume } from './volume.js';

const AFFINE_TOLERANCE = 1e-3;

/**
 * Joins volumes of one grid into one with all their channels, in order; float32 unless there is one volume only.
 * Throws `channel-mismatch` when the grids differ.
 */
export function stackChannels(volumes: readonly [Volume, ...Volume[]]): Volume {
  const [first, ...others] = volumes;
  if (others.length === 0) return first;
  const apart = others.find(
    (other) =>
      !sameShape(other.shape, first.shape) || !affinesClose(other.affine, first.affine, AFFINE_TOLERANCE),
  );
  if (apart !== undefined) {
    throw new PreprocessError(
      'channel-mismatch',
      `the channels of one case lie on different grids: [${first.shape.join(', ')}] and [${apart.shape.join(', ')}], or another affine`,
      { kind: 'data', hint: 'resample the channels onto one grid first' },
    );
  }
  const channels = volumes.reduce((sum, volume) => sum + volume.channels, 0);
  const data = new Float32Array((first.data.length / first.channels) * channels);
  let start = 0;
  for (const volume of volumes) {
    interleave(volume, data, channels, start);
    start += volume.channels;
  }
  return { ...first, data, channels };
}

function interleave(volume: Volume, data: Float32Array, channels: number, start: number): void {
  const own = volume.channels;
  for (let read = 0, write = start; read < volume.data.length; read += own, write += channels) {
    for (let channel = 0; channel < own; channel += 1)
      data[write + channel] = volume.data[read + channel] as number;
  }
}
