import { twoSidedTail } from './normal-distribution.js';
import { averageRanks } from './ranks.js';
import { requireFinite } from './require-finite.js';

/** The result of a two-sided Wilcoxon signed-rank test. */
export interface WilcoxonResult {
  /** Sum of the ranks of the positive differences. */
  readonly positiveRanks: number;
  readonly negativeRanks: number;
  /** The smaller of the two rank sums. */
  readonly statistic: number;
  /** 1 when every difference is zero. */
  readonly pValue: number;
  /** Differences that are not zero; the others are left out (Wilcoxon's treatment). */
  readonly n: number;
  readonly method: 'exact' | 'normal';
}

const LARGEST_EXACT = 50;

/**
 * Two-sided Wilcoxon signed-rank test (Wilcoxon 1945) of paired differences. `exact` enumerates the signs of the ranks,
 * ties included; `normal` is the approximation with the correction for ties, without one for continuity. Default: exact
 * up to 50 differences. Throws `MetricsError` `not-finite`.
 */
export function wilcoxonSignedRank(
  differences: readonly number[],
  options: { readonly method?: 'exact' | 'normal' } = {},
): WilcoxonResult {
  requireFinite(differences, 'differences');
  const nonZero = differences.filter((difference) => difference !== 0);
  const n = nonZero.length;
  const ranks = averageRanks(nonZero.map(Math.abs));
  const sumOf = (sign: number): number =>
    ranks.reduce((sum, rank, index) => sum + (Math.sign(nonZero[index] as number) === sign ? rank : 0), 0);
  const [positiveRanks, negativeRanks] = [sumOf(1), sumOf(-1)];
  const statistic = Math.min(positiveRanks, negativeRanks);
  const method = options.method ?? (n <= LARGEST_EXACT ? 'exact' : 'normal');
  const pValue =
    n === 0 ? 1 : method === 'exact' ? exactTail(ranks, statistic) : normalTail(ranks, statistic);
  return { positiveRanks, negativeRanks, statistic, pValue, n, method };
}

/** Twice the probability of a rank sum of at most `statistic` over all signs; ranks are doubled to be whole. */
function exactTail(ranks: readonly number[], statistic: number): number {
  const doubled = ranks.map((rank) => rank * 2);
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  let probability = new Float64Array(total + 1);
  probability[0] = 1;
  for (const rank of doubled) {
    probability = probability.map(
      (value, sum) => (value + (sum < rank ? 0 : (probability[sum - rank] as number))) / 2,
    );
  }
  const tail = probability.subarray(0, statistic * 2 + 1).reduce((sum, value) => sum + value, 0);
  return Math.min(1, 2 * tail);
}

function normalTail(ranks: readonly number[], statistic: number): number {
  const n = ranks.length;
  const mean = (n * (n + 1)) / 4;
  // The squares of average ranks sum to n(n+1)(2n+1)/6 less the correction for ties.
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  return twoSidedTail((statistic - mean) / Math.sqrt(variance));
}
