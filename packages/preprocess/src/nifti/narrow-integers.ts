import { refusal } from './refusal.js';

/**
 * 64-bit integers as 32-bit ones when all fit, else as 64-bit floats, which are exact up to 2^53.
 * Throws `nifti-integer-range` beyond that.
 */
export function narrowIntegers(
  values: BigInt64Array | BigUint64Array,
  name: string,
): Int32Array | Float64Array {
  const floats = new Float64Array(values.length);
  let fits = true;
  for (let i = 0; i < values.length; i += 1) {
    const value = Number(values[i]);
    if (!Number.isSafeInteger(value)) {
      const fault = `voxel ${i} is the 64-bit integer ${values[i]}, beyond 2^53`;
      throw refusal('nifti-integer-range', name, fault, 'convert the file to 32-bit integers or floats');
    }
    fits &&= value === (value | 0);
    floats[i] = value;
  }
  return fits ? Int32Array.from(floats) : floats;
}
