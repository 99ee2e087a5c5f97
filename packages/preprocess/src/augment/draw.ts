import type { Vector3 } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import type { ValueRange } from './augmentation-step.js';

/** Uniform numbers in `[0, 1)`. */
export type Random = () => number;

/** True with the given probability; draws nothing where none is given, which means always. */
export function happens(probability: number | undefined, random: Random): boolean {
  return probability === undefined || random() < probability;
}

/** One number from a range. */
export function between(range: ValueRange, random: Random): number {
  return range[0] + (range[1] - range[0]) * random();
}

/** One number for each axis, or one for all three. */
export function alongAxes(range: ValueRange, separate: boolean, random: Random): Vector3 {
  if (separate) return perAxis(() => between(range, random));
  const value = between(range, random);
  return [value, value, value];
}

/**
 * A factor that is as often below 1 as above, uniform on either side, where the range holds 1 (as nnU-Net draws
 * brightness, contrast and gamma); else uniform.
 */
export function balancedFactor([low, high]: ValueRange, random: Random): number {
  if (low >= 1 || high <= 1) return between([low, high], random);
  return between(random() < 0.5 ? [low, 1] : [1, high], random);
}

/** One value for each channel; null for a channel that the step leaves alone. */
export function perChannel<T>(
  channels: number,
  probability: number | undefined,
  random: Random,
  draw: () => T,
): (T | null)[] {
  return Array.from({ length: channels }, () => (happens(probability, random) ? draw() : null));
}
