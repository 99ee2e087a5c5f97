import { MetricsError } from '../errors.js';
import { averageRanks } from './ranks.js';
import { meanOf } from './summary.js';

/** A method and its mean rank over cases; 1 is best. */
export interface MethodRank {
  readonly method: string;
  readonly meanRank: number;
}

/**
 * Ranks methods on each case and averages the ranks, best first. An undefined value ranks below every value. Throws
 * `MetricsError` `different-lengths` when methods differ in their number of cases, or when there is no case.
 */
export function rankMethods(
  valuesByMethod: Readonly<Record<string, readonly (number | null)[]>>,
  better: 'higher' | 'lower',
): MethodRank[] {
  const methods = Object.keys(valuesByMethod);
  const columns = methods.map((method) => valuesByMethod[method] ?? []);
  const cases = columns[0]?.length ?? 0;
  if (cases === 0 || columns.some(({ length }) => length !== cases)) {
    throw new MetricsError(
      'different-lengths',
      `the methods have ${columns.map(({ length }) => length)} cases`,
      {
        kind: 'usage',
        hint: 'give every method the same cases in the same order, at least one',
      },
    );
  }
  const sign = better === 'higher' ? -1 : 1;
  const cost = (value: number | null | undefined): number =>
    value === null || value === undefined ? Number.POSITIVE_INFINITY : sign * value;
  const ranks = Array.from({ length: cases }, (_, index) =>
    averageRanks(columns.map((column) => cost(column[index]))),
  );
  return methods
    .map((method, column) => ({ method, meanRank: meanOf(ranks.map((row) => row[column] as number)) }))
    .sort((a, b) => a.meanRank - b.meanRank);
}
