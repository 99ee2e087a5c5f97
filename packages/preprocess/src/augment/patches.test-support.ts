import type { Patch } from '../sampling/patch.js';
import type { Shape3 } from '../volume.js';

/**
 * Numbers in `[0, 1)` that look random and are the same in NumPy:
 * `((numpy.arange(1, n + 1, dtype='uint64') * factor) % 2**32 / 2**32).astype('float32')`.
 */
export function weyl(count: number, factor = 2654435761): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (Math.imul(i + 1, factor) >>> 0) / 2 ** 32);
}

/** A patch of such numbers with labels 0 to 3. */
export function weylPatch(size: Shape3, channels = 1): Patch {
  const count = size[0] * size[1] * size[2];
  const label = Uint8Array.from(weyl(count, 1597334677), (value) => Math.floor(value * 4));
  return { image: weyl(count * channels), label, size, channels, offset: [0, 0, 0] };
}

/** The greatest difference between values and what they should be. */
export function furthest(values: ArrayLike<number>, expected: readonly number[]): number {
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(...expected.map((value, i) => Math.abs(value - (values[i] as number))));
}

/** Every `step`-th value. */
export function everyNth(values: ArrayLike<number>, step: number): number[] {
  return Array.from(values).filter((_, i) => i % step === 0);
}
