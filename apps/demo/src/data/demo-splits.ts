import type { Dataset, Splits } from '@bipvl/preprocess';
import { splitsOf } from '@bipvl/trainer';
import { DemoError } from '../errors.js';

/**
 * The split by which the trainer divides a dataset; what it holds out is what the demo evaluates.
 * @throws DemoError `nothing-held-out` where the dataset's own split holds no case out
 */
export function demoSplits(dataset: Dataset): Splits {
  const splits = splitsOf(dataset);
  if (splits.heldOut.length > 0) return splits;
  throw new DemoError('nothing-held-out', `the split of ${dataset.folder} holds out no case to test on`, {
    kind: 'data',
    hint: 'add `heldOut` to its splits.json, or delete that file to have a split made',
  });
}
