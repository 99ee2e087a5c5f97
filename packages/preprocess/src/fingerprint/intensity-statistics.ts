import type { IntensityStatistics } from './fingerprint.js';

/** Percentiles (linear between neighbours, as numpy), mean and population deviation; null for an empty sample. */
export function intensityStatistics(sample: Float32Array): IntensityStatistics | null {
  if (sample.length === 0) return null;
  const sorted = sample.slice().sort();
  const { mean, deviation } = moments(sorted);
  return {
    percentile_00_5: quantile(sorted, 0.005),
    percentile_05_0: quantile(sorted, 0.05),
    percentile_25_0: quantile(sorted, 0.25),
    percentile_50_0: quantile(sorted, 0.5),
    percentile_75_0: quantile(sorted, 0.75),
    percentile_95_0: quantile(sorted, 0.95),
    percentile_99_5: quantile(sorted, 0.995),
    mean,
    deviation,
  };
}

function quantile(sorted: Float32Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += ((values[i] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
