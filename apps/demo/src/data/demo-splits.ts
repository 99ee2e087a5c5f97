import { type Dataset, makeSplits, type Splits } from '@bipvl/preprocess';
import { DemoDataError } from './errors.js';

/**
 * How the demo divides a dataset: as its `splits.json` says, else three folds and a fifth of the cases held out, shuffled by the seed.
 * @throws DemoDataError `nothing-held-out` where the dataset's own split holds no case out
 */
export function demoSplits(dataset: Dataset, seed: number): Splits {
  const splits =
    dataset.splits ??
    makeSplits(
      dataset.cases.map(({ id }) => id),
      { folds: 3, heldOutFraction: 0.2, seed },
    );
  if (splits.heldOut.length > 0) return splits;
  throw new DemoDataError('nothing-held-out', `the split of ${dataset.folder} holds out no case to test on`, {
    kind: 'data',
    hint: 'add `heldOut` to its splits.json, or delete that file to have a split made',
  });
}
