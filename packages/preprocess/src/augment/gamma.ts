import type { Patch } from '../sampling/patch.js';
import { channelStatistics } from './channel-statistics.js';
import { requireOnePerChannel } from './one-per-channel.js';

/** How the power is taken. */
export interface GammaOptions {
  /** Take it of the negative image, and negate the result. Default false. */
  readonly invert?: boolean | undefined;
  /** Restore the channel's mean and standard deviation afterwards. Default true. */
  readonly keepStatistics?: boolean | undefined;
}

/** Below this a range or deviation counts as none, as in nnU-Net. */
const LEAST_SPREAD = 1e-7;

/**
 * Raises each channel to its own power: `((x - min) / (max - min)) ** gamma * (max - min) + min`, by channel
 * (nnU-Net's gamma transform). Throws `channel-count`.
 */
export function gammaPatch(patch: Patch, gammas: readonly number[], options: GammaOptions = {}): Patch {
  requireOnePerChannel(patch, gammas);
  const { channels } = patch;
  const image = Float32Array.from(patch.image);
  for (let channel = 0; channel < channels; channel += 1) {
    raise(image, channels, channel, gammas[channel] as number, options);
  }
  return { ...patch, image };
}

function raise(
  image: Float32Array,
  channels: number,
  channel: number,
  gamma: number,
  { invert = false, keepStatistics = true }: GammaOptions,
): void {
  const before = channelStatistics(image, channels, channel);
  const range = before.high - before.low;
  const divisor = Math.max(range, LEAST_SPREAD);
  // The negative image rises from the greatest value down: its own minimum is -max.
  const [start, sign] = invert ? [before.high, -1] : [before.low, 1];
  for (let i = channel; i < image.length; i += channels) {
    const share = (sign * ((image[i] as number) - start)) / divisor;
    image[i] = start + sign * share ** gamma * range;
  }
  if (!keepStatistics) return;
  const after = channelStatistics(image, channels, channel);
  const factor = before.deviation / Math.max(after.deviation, LEAST_SPREAD);
  for (let i = channel; i < image.length; i += channels) {
    image[i] = before.mean + ((image[i] as number) - after.mean) * factor;
  }
}
