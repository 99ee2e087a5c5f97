import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform numbers in `[0, 1)`, the same for the same seed and stream on every machine. */
export function seededRandom(seed: number, stream = 0): () => number {
  const generator = xoroshiro128plus(seed ^ Math.imul(stream + 1, 0x9e3779b9));
  return () => uniformFloat64(generator);
}

/** Uniform numbers in `[0, 1)` from a 32-bit key: what a counter-based stream hands to another thread. */
export function keyedRandom(key: number): () => number {
  const generator = xoroshiro128plus(key | 0);
  return () => uniformFloat64(generator);
}

/** Normally distributed numbers, mean 0, deviation 1 (Marsaglia's polar method). */
export function gaussian(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * random() - 1;
      const y = 2 * random() - 1;
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
}
