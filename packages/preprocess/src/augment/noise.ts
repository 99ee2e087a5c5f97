import { gaussian } from '../random.js';
import type { Patch } from '../sampling/patch.js';
import type { Random } from './draw.js';

/** Adds normally distributed noise of the given standard deviation to every value of every channel. */
export function noisePatch(patch: Patch, deviation: number, random: Random): Patch {
  const normal = gaussian(random);
  const image = new Float32Array(patch.image.length);
  for (let i = 0; i < image.length; i += 1) image[i] = (patch.image[i] as number) + deviation * normal();
  return { ...patch, image };
}
