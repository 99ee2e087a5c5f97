import type { Patch } from '../sampling/patch.js';

/** Adds `offset` to every image value; nothing is clipped. */
export function shiftIntensity(patch: Patch, offset: number): Patch {
  return { ...patch, image: patch.image.map((value) => value + offset) };
}

/** Multiplies every image value by `factor`, the same for all channels; nothing is clipped. */
export function scaleIntensity(patch: Patch, factor: number): Patch {
  return { ...patch, image: patch.image.map((value) => value * factor) };
}
