const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The number an IEEE 754 binary16 pattern stands for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The binary16 pattern nearest to a float32 value, ties to even; beyond 65504 it is infinite. */
export function numberToHalf(value: number): number {
  float[0] = value;
  const bits = word[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const magnitude = Math.abs(float[0]);
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  return sign | roundToEven(((bits & 0x7fffffff) - 0x38000000) / 2 ** 13);
}

/** The number a bfloat16 pattern (the upper half of a float32) stands for. */
export function brainFloatToNumber(bits: number): number {
  word[0] = bits << 16;
  return float[0] ?? 0;
}

/** The bfloat16 pattern nearest to a float32 value, ties to even. */
export function numberToBrainFloat(value: number): number {
  float[0] = value;
  const bits = word[0] ?? 0;
  if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
  return Math.floor((bits + 0x7fff + ((bits >>> 16) & 1)) / 2 ** 16);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
