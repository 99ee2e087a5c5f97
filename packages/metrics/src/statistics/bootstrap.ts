import { MetricsError } from '../errors.js';
import { interpolatedQuantile } from '../surface/quantile.js';
import { type Random, seededRandom } from './random.js';

/** How a bootstrap interval is drawn. */
export interface BootstrapOptions {
  /** Coverage, between 0 and 1; 0.95 by default. */
  readonly confidence?: number;
  /** Number of resamples; 2000 by default. */
  readonly resamples?: number;
  /** Seed of the resampling; 0 by default. Not used when `random` is given. */
  readonly seed?: number;
  /** Source of numbers in [0, 1). */
  readonly random?: Random;
}

/** An interval and its coverage. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * Percentile bootstrap interval of the mean (Efron 1979); null for fewer than two values. Throws `MetricsError`
 * `bad-confidence` or `bad-resamples`.
 */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions = {}): Interval | null {
  const { confidence = 0.95, resamples = 2000 } = options;
  requireOptions(confidence, resamples);
  if (values.length < 2) return null;
  const random = options.random ?? seededRandom(options.seed ?? 0);
  const means = Float64Array.from({ length: resamples }, () => resampledMean(values, random));
  const tail = (1 - confidence) / 2;
  return {
    low: interpolatedQuantile(means, resamples, tail),
    high: interpolatedQuantile(means, resamples, 1 - tail),
    confidence,
  };
}

function resampledMean(values: ArrayLike<number>, random: Random): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)] as number;
  return sum / values.length;
}

function requireOptions(confidence: number, resamples: number): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new MetricsError('bad-confidence', `confidence is ${confidence}: expected between 0 and 1`, {
      kind: 'usage',
      hint: 'pass 0.95 for a 95 % interval',
    });
  }
  if (!(Number.isSafeInteger(resamples) && resamples > 0)) {
    throw new MetricsError('bad-resamples', `resamples is ${resamples}: expected a whole number above 0`, {
      kind: 'usage',
      hint: 'pass 2000 or more',
    });
  }
}
