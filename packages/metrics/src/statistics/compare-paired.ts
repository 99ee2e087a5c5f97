import { MetricsError } from '../errors.js';
import { type BootstrapOptions, bootstrapMean, type Interval } from './bootstrap.js';
import { requireFinite } from './require-finite.js';
import { meanOf, standardDeviation } from './summary.js';
import { type WilcoxonResult, wilcoxonSignedRank } from './wilcoxon.js';

/** Two methods on the same cases; differences are first minus second. */
export interface PairedComparison {
  /** Cases where both methods have a value. */
  readonly n: number;
  /** Cases left out because the metric is undefined for one method or both. */
  readonly missing: number;
  readonly meanDifference: number | null;
  /** Paired bootstrap interval of the mean difference; null for fewer than two cases. */
  readonly interval: Interval | null;
  readonly wilcoxon: WilcoxonResult;
  /** Matched-pairs rank-biserial correlation (Kerby 2014), -1..1; null when no difference is above or below zero. */
  readonly rankBiserial: number | null;
  /** Cohen's d of paired samples, mean over standard deviation of the differences; null when that deviation is 0. */
  readonly cohensDz: number | null;
}

/**
 * Compares a metric of two methods over the same cases, in the same order. Throws `MetricsError` `different-lengths` or
 * `not-finite`.
 */
export function comparePaired(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
  options: BootstrapOptions = {},
): PairedComparison {
  if (first.length !== second.length) {
    throw new MetricsError(
      'different-lengths',
      `the methods have ${first.length} and ${second.length} cases`,
      {
        kind: 'usage',
        hint: 'give both methods the same cases in the same order',
      },
    );
  }
  const differences = first.flatMap((value, index) => {
    const other = second[index] ?? null;
    return value === null || other === null ? [] : [value - other];
  });
  requireFinite(differences, 'differences');
  const wilcoxon = wilcoxonSignedRank(differences);
  const ranks = wilcoxon.positiveRanks + wilcoxon.negativeRanks;
  return {
    n: differences.length,
    missing: first.length - differences.length,
    meanDifference: differences.length === 0 ? null : meanOf(differences),
    interval: bootstrapMean(differences, options),
    wilcoxon,
    rankBiserial: ranks === 0 ? null : (wilcoxon.positiveRanks - wilcoxon.negativeRanks) / ranks,
    cohensDz: standardisedMean(differences),
  };
}

function standardisedMean(differences: readonly number[]): number | null {
  const deviation = standardDeviation(differences);
  return deviation === null || deviation === 0 ? null : meanOf(differences) / deviation;
}
