import type { Patch } from '../sampling/patch.js';
import { requireOnePerChannel } from './one-per-channel.js';

/** Adds `offset` to every image value; nothing is clipped. */
export function shiftIntensity(patch: Patch, offset: number): Patch {
  const image = new Float32Array(patch.image.length);
  for (let i = 0; i < image.length; i += 1) image[i] = (patch.image[i] as number) + offset;
  return { ...patch, image };
}

/** Multiplies every image value by `factor`, the same for all channels; nothing is clipped. */
export function scaleIntensity(patch: Patch, factor: number): Patch {
  const image = new Float32Array(patch.image.length);
  for (let i = 0; i < image.length; i += 1) image[i] = (patch.image[i] as number) * factor;
  return { ...patch, image };
}

/** Multiplies each channel by its own factor; nothing is clipped (nnU-Net's multiplicative brightness). Throws `channel-count`. */
export function brightenPatch(patch: Patch, factors: readonly number[]): Patch {
  requireOnePerChannel(patch, factors);
  const { channels } = patch;
  const image = new Float32Array(patch.image.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const factor = factors[channel] as number;
    for (let i = channel; i < image.length; i += channels) image[i] = (patch.image[i] as number) * factor;
  }
  return { ...patch, image };
}
