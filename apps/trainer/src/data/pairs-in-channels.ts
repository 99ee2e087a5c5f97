import type { AugmentationStep } from '@bipvl/preprocess';

/**
 * The steps with their label pairs, which a configuration gives as ids of the dataset, as the prepared labels number
 * them. A pair with an id that is not among `labelIds` swaps with nothing.
 */
export function pairsInChannels(
  steps: readonly AugmentationStep[],
  labelIds: readonly number[],
): AugmentationStep[] {
  const numberOf = new Map(labelIds.map((id, place) => [id, place + 1]));
  return steps.map((step) => {
    if (step.kind !== 'flip') return step;
    const labelPairs = step.labelPairs.flatMap(([left, right]): [number, number][] => {
      const [a, b] = [numberOf.get(left), numberOf.get(right)];
      return a === undefined || b === undefined ? [] : [[a, b]];
    });
    return { ...step, labelPairs };
  });
}
