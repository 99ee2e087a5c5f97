import { type BootstrapOptions, bootstrapMean, type Interval } from './bootstrap.js';
import { requireFinite } from './require-finite.js';

/** One metric over cases. Everything but the counts is null when no case has a value. */
export interface Summary {
  /** Cases with a value. */
  readonly n: number;
  /** Cases where the metric is undefined; they enter no other number here. */
  readonly missing: number;
  readonly mean: number | null;
  readonly median: number | null;
  /** Sample standard deviation (n - 1); null for fewer than two values. */
  readonly standardDeviation: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Bootstrap interval of the mean; null for fewer than two values. */
  readonly interval: Interval | null;
}

/**
 * Summarises one metric over cases, with a seeded bootstrap interval of its mean. Throws `MetricsError` `not-finite`
 * for NaN or an infinity: an undefined metric is null.
 */
export function summarise(values: readonly (number | null)[], options: BootstrapOptions = {}): Summary {
  const present = Float64Array.from(values.filter((value) => value !== null)).sort();
  requireFinite(present, 'values');
  const n = present.length;
  const mean = n === 0 ? null : meanOf(present);
  return {
    n,
    missing: values.length - n,
    mean,
    median: n === 0 ? null : medianOfSorted(present),
    standardDeviation: standardDeviation(present),
    min: present[0] ?? null,
    max: present[n - 1] ?? null,
    interval: bootstrapMean(present, options),
  };
}

/** Arithmetic mean of at least one value. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Sample standard deviation (n - 1); null for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

function medianOfSorted(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
