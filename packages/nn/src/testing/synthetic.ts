/** How a fixture's sidecar describes a tensor that is not stored but made by an integer hash. */
export interface SyntheticTensor {
  readonly key: string;
  readonly shape: readonly number[];
  readonly seed: number;
  readonly scale: number;
  readonly shift: number;
}

/** The row-major values of a synthetic tensor, bit for bit those the fixture was computed with. */
export function synthesise({ shape, seed, scale, shift }: SyntheticTensor): Float32Array {
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  const [scale32, shift32] = [Math.fround(scale), Math.fround(shift)];
  for (let i = 0; i < values.length; i++) {
    const uniform = ((murmurFinaliser(Math.imul(i, 0x9e3779b9) + seed) >>> 8) - 2 ** 23) / 2 ** 23;
    values[i] = Math.fround(scale32 * uniform) + shift32;
  }
  return values;
}

function murmurFinaliser(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
