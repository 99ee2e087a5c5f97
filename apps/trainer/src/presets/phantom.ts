import type { RunConfigInput } from '../config/run-config.js';

/** BiPVL-Seg, small, on the synthetic abdominal CTs of @bipvl/preprocess: what runs where no real scans are at hand. */
export function phantom({ data }: { data: string }): RunConfigInput {
  return {
    data,
    concepts: 'phantom',
    recipe: { orientation: 'RAS', intensity: { kind: 'window', low: -175, high: 250 } },
    segmenter: {
      method: 'bipvl-seg',
      image: { channels: 1, patch: [48, 48, 48] },
      backbone: { name: 'unet', channels: [16, 32, 64, 128, 256], strides: [2, 2, 2, 2] },
      text: { width: 64, layers: 4, heads: 4, intermediate: 128, stages: [1, 1, 1, 1], positions: 256 },
      fusion: { heads: 4, hidden: 64, window: 4 },
      alignment: { width: 128 },
    },
    sampling: { batch: 2, positiveFraction: 0.75, balanceClasses: true, backgroundAbove: 0 },
    augmentation: [{ kind: 'shift', range: [-0.1, 0.1], probability: 0.5 }],
    optimiser: { learningRate: 4e-3, finalLearningRate: 4e-5, weightDecay: 1e-5 },
    steps: 400,
    validation: { every: 100, cases: 8, overlap: 0.25 },
    checkpoint: { every: 100 },
  };
}
