import type { AugmentationStep, FlipStep } from './augmentation-step.js';

/** Whether a step may mirror left and right without exchanging the labels that are named by their side. */
export function flipsSidesUnpaired(step: AugmentationStep): step is FlipStep {
  return (
    step.kind === 'flip' && step.labelPairs.length === 0 && step.probability[step.leftRightAxis ?? 0] > 0
  );
}

/**
 * The same steps, but no flip along the left-right axis unless it has label pairs: what a class or its text that
 * speaks of left or right needs in order to stay true.
 */
export function withoutSideFlips(steps: readonly AugmentationStep[]): AugmentationStep[] {
  return steps.map((step) => (flipsSidesUnpaired(step) ? onOtherAxes(step) : step));
}

function onOtherAxes(step: FlipStep): FlipStep {
  const [d, h, w] = step.probability.map((each, axis) => (axis === (step.leftRightAxis ?? 0) ? 0 : each));
  return { ...step, probability: [d ?? 0, h ?? 0, w ?? 0] };
}
