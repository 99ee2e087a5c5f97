import type { RunConfigInput } from '../config/run-config.js';
import { shortTraining, smallBert, smallFusion, smallUNet } from './small-network.js';

/** BiPVL-Seg, small, on the synthetic abdominal CTs of @bipvl/preprocess: what runs where no real scans are at hand. */
export function phantom({ data }: { data: string }): RunConfigInput {
  return {
    data,
    concepts: 'phantom',
    recipe: { orientation: 'RAS', intensity: { kind: 'window', low: -175, high: 250 } },
    segmenter: {
      method: 'bipvl-seg',
      image: { channels: 1, patch: [48, 48, 48] },
      backbone: smallUNet,
      text: smallBert,
      fusion: smallFusion,
      alignment: { width: 128 },
    },
    sampling: { batch: 2, positiveFraction: 0.75, balanceClasses: true, backgroundAbove: 0 },
    augmentation: [{ kind: 'shift', range: [-0.1, 0.1], probability: 0.5 }],
    optimiser: shortTraining,
    steps: 400,
    validation: { every: 100, cases: 8, overlap: 0.25 },
    checkpoint: { every: 100 },
  };
}
