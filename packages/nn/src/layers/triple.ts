import type { Triple } from '../kernels/convolution.js';

/** One number for every axis, or the three as they are. */
export function triple(value: number | Triple): Triple {
  return typeof value === 'number' ? [value, value, value] : value;
}
