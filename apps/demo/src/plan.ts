import { hippocampus, parseRunConfig, phantom, type RunConfig, type RunConfigInput } from '@bipvl/trainer';
import type { DemoData } from './data/index.js';
import type { DemoOptions } from './demo-options.js';

/** The two models of the demonstration: BiPVL-Seg, and its backbone alone for as many steps. */
export interface DemoPlan {
  readonly withText: RunConfig;
  readonly noText: RunConfig;
}

export function makePlan({ kind, folder }: DemoData, { seed, fold, steps }: DemoOptions): DemoPlan {
  const preset = kind === 'hippocampus' ? hippocampus({ data: folder }) : phantom({ data: folder });
  const withText = parseRunConfig({
    ...preset,
    seed,
    fold,
    ...(steps === undefined ? {} : shorter(preset, steps)),
  });
  const { image, labels, backbone } = withText.segmenter;
  return {
    withText,
    noText: { ...withText, concepts: null, segmenter: { method: 'vision-only', image, labels, backbone } },
  };
}

/** Another number of steps, with a warm-up that leaves room for the rest of the schedule. */
function shorter({ optimiser }: RunConfigInput, steps: number): Pick<RunConfigInput, 'steps' | 'optimiser'> {
  const warmupSteps = Math.min(optimiser?.warmupSteps ?? 0, Math.floor(steps / 20));
  return { steps, optimiser: { ...optimiser, warmupSteps } };
}
