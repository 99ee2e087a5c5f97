import { type Fault, shortList } from './fault.js';
import { casesOf, type Splits } from './splits.js';

/** Faults of a split: cases that are unknown, missing, listed twice, or on both sides of a border. */
export function checkSplits(splits: Splits, caseIds: readonly string[], file: string): Fault[] {
  const known = new Set(caseIds);
  const named = [...splits.train, ...splits.heldOut];
  const unused = caseIds.filter((id) => !named.includes(id));
  return [
    ...report(
      file,
      'names a case that the dataset does not have',
      [...new Set(named)].filter((id) => !known.has(id)),
    ),
    ...report(file, 'has a case both in train and in heldOut', common(splits.train, splits.heldOut)),
    ...report(file, 'lists a case twice in train or in heldOut', [
      ...repeated(splits.train),
      ...repeated(splits.heldOut),
    ]),
    ...splits.folds.flatMap((_, index) => checkFold(splits, index, file)),
    ...report(file, 'leaves a case of the dataset unused', unused, 'warning'),
  ];
}

function checkFold(splits: Splits, index: number, file: string): Fault[] {
  const fold = splits.folds[index];
  if (fold === undefined) return [];
  const train = new Set(splits.train);
  const outside = casesOf(fold).filter((id) => !train.has(id));
  const { test = [] } = fold;
  return [
    ...report(
      file,
      `fold ${index} trains and validates on the same case`,
      common(fold.train, fold.validation),
    ),
    ...report(file, `fold ${index} tests a case that it trains or validates on`, [
      ...common(test, fold.train),
      ...common(test, fold.validation),
    ]),
    ...report(file, `fold ${index} uses a case that is not in train`, outside),
  ];
}

function report(
  file: string,
  fault: string,
  ids: readonly string[],
  severity: Fault['severity'] = 'error',
): Fault[] {
  if (ids.length === 0) return [];
  const mend = 'correct the split, or delete it to have a new one made';
  return [{ rule: 'split', file, fault: `${fault}: ${shortList(ids, 5)}`, mend, severity }];
}

function common(a: readonly string[], b: readonly string[]): string[] {
  const inB = new Set(b);
  return a.filter((id) => inB.has(id));
}

function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
