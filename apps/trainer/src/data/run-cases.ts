import { type Dataset, makeSplits, type Splits } from '@bipvl/preprocess';
import { TrainerError } from '../errors.js';

/** Which cases a run may open: those of one fold, and never a held-out one. */
export interface RunCases {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  /** Held out from all folds or tests of this one; known by name only. */
  readonly heldOut: readonly string[];
  /** The split as a whole, the dataset's own or one made for it. */
  readonly splits: Splits;
}

/** How cases are divided where the dataset does not say; the same for every seed, so that held-out cases stay held out. */
const ownSplit = { folds: 5, heldOutFraction: 0.2, seed: 0 };

/** How a dataset is divided: as its own split says, else in five folds with a fifth of the cases held out. */
export function splitsOf(dataset: Dataset): Splits {
  const ids = dataset.cases.map(({ id }) => id);
  return dataset.splits ?? makeSplits(ids, ownSplit);
}

/**
 * Chooses the cases of a fold.
 * @throws TrainerError `no-such-fold`, `empty-fold`, `held-out-in-fold`
 */
export function chooseCases(dataset: Dataset, fold: number): RunCases {
  const splits = splitsOf(dataset);
  const chosen = splits.folds[fold];
  if (chosen === undefined) throw noSuchFold(dataset, fold, splits.folds.length);
  if (chosen.train.length === 0) throw emptyFold(dataset, fold);
  const heldOut = new Set([...splits.heldOut, ...(chosen.test ?? [])]);
  const leaked = [...chosen.train, ...chosen.validation].find((id) => heldOut.has(id));
  if (leaked !== undefined) throw leak(dataset, fold, leaked);
  return {
    train: [...chosen.train].sort(),
    validation: [...chosen.validation].sort(),
    heldOut: [...heldOut].sort(),
    splits,
  };
}

/** At most `limit` of the ids, spread evenly over them; null takes all. */
export function spreadEvenly(ids: readonly string[], limit: number | null): string[] {
  if (limit === null || limit >= ids.length) return [...ids];
  return Array.from({ length: limit }, (_, i) => ids[Math.floor((i * ids.length) / limit)] as string);
}

function noSuchFold(dataset: Dataset, fold: number, folds: number): TrainerError {
  return new TrainerError(
    'no-such-fold',
    `fold: ${dataset.folder} has folds 0 to ${folds - 1}, asked for ${fold}`,
    {
      kind: 'usage',
      hint: 'set fold to one of these',
    },
  );
}

function emptyFold(dataset: Dataset, fold: number): TrainerError {
  return new TrainerError('empty-fold', `fold ${fold} of ${dataset.folder} has no case to train on`, {
    kind: 'data',
    hint: 'correct splits.json, or delete it to have a new split made',
  });
}

function leak(dataset: Dataset, fold: number, id: string): TrainerError {
  return new TrainerError(
    'held-out-in-fold',
    `fold ${fold} of ${dataset.folder} uses case ${id}, which is held out`,
    {
      kind: 'data',
      hint: 'correct splits.json: a held-out case takes part in no fold',
    },
  );
}
