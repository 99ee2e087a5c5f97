import { shuffled } from '../dataset/shuffled.js';
import { type Fold, makeSplits, type Splits } from '../dataset/splits.js';
import { seededRandom } from '../random.js';
import type { SplitPlan } from './dataset-recipe.js';

/**
 * Folds by the plan of a recipe, from the ids alone: the same ids give the same folds on every machine. They are this
 * project's own; the paper's unpublished folds cannot be had back. `listed` are the ids that the dataset itself holds
 * out. Throws `bad-split` when there are fewer training cases than folds.
 */
export function recipeSplits(
  plan: SplitPlan,
  ids: readonly string[],
  listed: readonly string[] = [],
): Splits {
  const { folds, seed } = plan;
  switch (plan.kind) {
    case 'held-out':
      return makeSplits(ids, { folds, seed, heldOutFraction: plan.fraction });
    case 'listed': {
      const out = new Set(listed);
      const train = ids.filter((id) => !out.has(id));
      return { ...makeSplits(train, { folds, seed, heldOutFraction: 0 }), heldOut: [...listed].sort() };
    }
    case 'rotating-test':
      return rotatingTest(makeSplits(ids, { folds, seed, heldOutFraction: 0 }), plan.validation, seed);
  }
}

/** What validates a fold becomes its test; some of the cases left validate, drawn by a seed of the fold's own. */
function rotatingTest(splits: Splits, validation: number, seed: number): Splits {
  const folds = splits.folds.map((fold, index): Fold => {
    const order = shuffled(fold.train, seededRandom(seed + 1 + index));
    return {
      train: order.slice(validation).sort(),
      validation: order.slice(0, validation).sort(),
      test: fold.validation,
    };
  });
  return { ...splits, folds };
}
