import type { RunConfigInput } from '../config/run-config.js';
import { shortTraining, smallBert, smallFusion, smallUNet } from './small-network.js';

/** BiPVL-Seg, small, on the Decathlon's hippocampus (T1 MR crops of about 36 x 50 x 35 mm): the model of the demonstration. */
export function hippocampus({ data }: { data: string }): RunConfigInput {
  return {
    data,
    concepts: 'msd-hippocampus',
    recipe: { orientation: 'RAS', intensity: { kind: 'zscore', nonZero: false, perChannel: true } },
    segmenter: {
      method: 'bipvl-seg',
      image: { channels: 1, patch: [48, 64, 48] },
      backbone: smallUNet,
      text: smallBert,
      fusion: smallFusion,
      alignment: { width: 128 },
    },
    sampling: { batch: 2, positiveFraction: 0.5 },
    augmentation: [
      { kind: 'flip', probability: [0.5, 0, 0], labelPairs: [] },
      { kind: 'scale', range: [-0.1, 0.1], probability: 0.5 },
      { kind: 'shift', range: [-0.1, 0.1], probability: 0.5 },
    ],
    optimiser: shortTraining,
    steps: 400,
    validation: { every: 100, cases: 16, overlap: 0.25 },
    checkpoint: { every: 100 },
  };
}
