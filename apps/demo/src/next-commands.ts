import type { NextCommand } from '@bipvl/evaluator';
import type { DemoPaths } from './demo-paths.js';

/** What a person may type next. */
export function nextCommands({ run, bundle, predictions }: DemoPaths): NextCommand[] {
  return [
    {
      purpose: 'segment scans of your own',
      command: `npx bipvl-evaluator predict ${bundle} SCAN.nii.gz --out ${predictions}`,
    },
    {
      purpose: 'train the same on a Decathlon or nnU-Net folder of your own with these labels',
      command: `npx bipvl-trainer train ${run}/config.yaml --data FOLDER --out runs/mine`,
    },
    { purpose: 'watch the curves in TensorBoard', command: `tensorboard --logdir ${run}` },
  ];
}
