import { hippocampus, parseRunConfig, phantom, type RunConfig } from '@bipvl/trainer';
import type { DemoData } from './data/index.js';
import type { DemoOptions } from './demo-options.js';

/** The two models of the demonstration: BiPVL-Seg, and its backbone alone for as many steps. */
export interface DemoPlan {
  readonly withText: RunConfig;
  readonly noText: RunConfig;
}

export function makePlan({ kind, folder }: DemoData, { seed, fold, steps }: DemoOptions): DemoPlan {
  const preset = kind === 'hippocampus' ? hippocampus({ data: folder }) : phantom({ data: folder });
  const withText = parseRunConfig({ ...preset, seed, fold, ...(steps === undefined ? {} : { steps }) });
  const { image, labels, backbone } = withText.segmenter;
  return {
    withText,
    noText: { ...withText, concepts: null, segmenter: { method: 'vision-only', image, labels, backbone } },
  };
}
