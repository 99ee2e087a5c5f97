import type { Patch } from '../sampling/patch.js';
import { channelStatistics } from './channel-statistics.js';
import { requireOnePerChannel } from './one-per-channel.js';

/** What happens to values beyond the range the channel had. */
export interface ContrastOptions {
  /** Clip to the channel's range before the change. Default true. */
  readonly keepRange?: boolean | undefined;
}

/** Multiplies each channel's distance from its own mean by its own factor (nnU-Net's contrast). Throws `channel-count`. */
export function contrastPatch(
  patch: Patch,
  factors: readonly number[],
  { keepRange = true }: ContrastOptions = {},
): Patch {
  requireOnePerChannel(patch, factors);
  const { channels } = patch;
  const image = new Float32Array(patch.image.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const factor = factors[channel] as number;
    const { mean, low, high } = channelStatistics(patch.image, channels, channel);
    for (let i = channel; i < image.length; i += channels) {
      const value = mean + ((patch.image[i] as number) - mean) * factor;
      image[i] = keepRange ? Math.min(high, Math.max(low, value)) : value;
    }
  }
  return { ...patch, image };
}
