import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePhantom } from '@bipvl/preprocess/node';
import { afterAll } from 'vitest';
import { applyOverrides } from './config/overrides.js';
import { parseRunConfig } from './config/parse-run-config.js';
import type { RunConfig, RunConfigInput } from './config/run-config.js';

/** A network of a few thousand parameters with everything in it: text, fusion at two sites, alignment, dropout, noise. */
export function tinyInput(data: string): RunConfigInput {
  return {
    data,
    concepts: 'phantom',
    recipe: { orientation: 'RAS', intensity: { kind: 'window', low: -175, high: 250 } },
    segmenter: {
      method: 'bipvl-seg',
      image: { channels: 1, patch: [16, 16, 16] },
      backbone: { name: 'unet', channels: [4, 8, 16], strides: [2, 2], residualUnits: 1 },
      text: { width: 16, layers: 2, heads: 2, intermediate: 32, stages: [1, 1], positions: 256 },
      fusion: { heads: 2, hidden: 16, window: 4 },
      alignment: { width: 8 },
    },
    augmentation: [
      { kind: 'flip', probability: [0.5, 0, 0], labelPairs: [] },
      { kind: 'affine', rotation: [0.1, 0.1, 0.1], scale: [0.9, 1.1], probability: 0.5 },
      { kind: 'shift', range: [-0.1, 0.1], probability: 0.5 },
    ],
    optimiser: { learningRate: 1e-3, finalLearningRate: 1e-5 },
    steps: 6,
    validation: { every: 2, cases: 2 },
    checkpoint: { every: 2 },
  };
}

export function tinyConfig(data: string, overrides: readonly string[] = []): RunConfig {
  return parseRunConfig(applyOverrides(tinyInput(data), overrides));
}

/** A folder that is removed after the tests of a file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bipvl trainer '));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Eight small synthetic scans in two folds, two of them held out. */
export async function tinyPhantom(folder: string): Promise<string> {
  const data = join(folder, 'data');
  await writePhantom(data, {
    cases: 8,
    shape: [24, 20, 18],
    spacing: [14, 16, 13],
    folds: 2,
    heldOutFraction: 0.25,
  });
  return data;
}
