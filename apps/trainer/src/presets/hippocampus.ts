import type { RunConfigInput } from '../config/run-config.js';

/** BiPVL-Seg, small, on the Decathlon's hippocampus (T1 MR crops of about 36 x 50 x 35 mm): the model of the demonstration. */
export function hippocampus({ data }: { data: string }): RunConfigInput {
  return {
    data,
    concepts: 'msd-hippocampus',
    recipe: { orientation: 'RAS', intensity: { kind: 'zscore', nonZero: false, perChannel: true } },
    segmenter: {
      method: 'bipvl-seg',
      image: { channels: 1, patch: [48, 64, 48] },
      backbone: { name: 'unet', channels: [16, 32, 64, 128, 256], strides: [2, 2, 2, 2] },
      text: { width: 64, layers: 4, heads: 4, intermediate: 128, stages: [1, 1, 1, 1], positions: 256 },
      fusion: { heads: 4, hidden: 64, window: 4 },
      alignment: { width: 128 },
    },
    sampling: { batch: 2, positiveFraction: 0.5 },
    augmentation: [{ kind: 'flip', probability: [0.5, 0, 0], labelPairs: [] }],
    optimiser: { learningRate: 4e-3, finalLearningRate: 4e-5, weightDecay: 1e-5 },
    steps: 400,
    validation: { every: 100, cases: 16, overlap: 0.25 },
    checkpoint: { every: 100 },
  };
}
