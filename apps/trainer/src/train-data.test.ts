import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadEngine } from '@bipvl/engine';
import { generatePhantom, remapLabels } from '@bipvl/preprocess';
import { writeMask, writeVolume } from '@bipvl/preprocess/node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from './config/run-config.js';
import type { TrainEvent } from './loop/train-event.js';
import { resume } from './resume.js';
import { temporaryFolder, tinyConfig, tinyPhantom } from './tiny-run.test-support.js';
import { train } from './train.js';

let folder: string;
let data: string;

beforeAll(async () => {
  await loadEngine();
  folder = await temporaryFolder();
  data = await tinyPhantom(folder);
});

/** MM-WHS as it is unpacked: pairs of files, no manifest, labels like 500 and 600. */
async function writeMmWhs(target: string): Promise<void> {
  const values = { 1: 500, 2: 600, 3: 420, 4: 550, 5: 205 };
  await mkdir(target, { recursive: true });
  let number = 1001;
  for (const { image, label } of generatePhantom({
    cases: 9,
    shape: [24, 20, 18],
    spacing: [14, 16, 13],
    seed: 3,
  })) {
    await writeVolume(join(target, `ct_train_${number}_image.nii.gz`), image);
    await writeMask(join(target, `ct_train_${number}_label.nii.gz`), remapLabels(label, values));
    number += 1;
  }
}

function visionOnly(folderOfData: string, overrides: readonly string[]): RunConfig {
  const config = tinyConfig(folderOfData, overrides);
  const { image, backbone } = config.segmenter;
  return {
    ...config,
    concepts: null,
    segmenter: { method: 'vision-only', image, backbone, labels: null },
  };
}

describe('a dataset of the paper', () => {
  it('trains as it is unpacked: its label values become classes, its folds have tests of their own', async () => {
    const heart = join(folder, 'heart');
    await writeMmWhs(heart);
    const events: TrainEvent[] = [];
    const config = visionOnly(heart, ['dataset=mm-whs-ct', 'steps=2', 'augmentation=[]']);
    const result = await train({
      config,
      out: join(folder, 'heart run'),
      onEvent: (event) => events.push(event),
    });
    expect(result.status).toBe('finished');
    const start = events.find((event) => event.type === 'start');
    expect(start).toMatchObject({
      cases: { train: 4, validation: 2, heldOut: 3 },
      classes: expect.arrayContaining(['left ventricle', 'left ventricular myocardium', 'pulmonary artery']),
    });
    const dsc: Readonly<Record<string, number | null>> = result.best?.dsc ?? {};
    // The phantom has the first five classes only; were 500 not read as class 1, no class would have a score.
    expect(dsc['left ventricle']).not.toBeNull();
    expect(dsc['pulmonary artery']).toBeNull();
  });
});

describe('the prepared cases', () => {
  it('lie in the run folder while it may be resumed, and are gone when it has finished', async () => {
    const out = join(folder, 'stopped');
    const stop = new AbortController();
    const onEvent = (event: TrainEvent) => {
      if (event.type === 'step') stop.abort();
    };
    const first = await train({ config: tinyConfig(data), out, onEvent, signal: stop.signal });
    expect(first.status).toBe('interrupted');
    expect(await casesIn(join(out, 'cache'))).toHaveLength(6);
    expect((await resume({ out })).status).toBe('finished');
    expect(existsSync(join(out, 'cache'))).toBe(false);
  });

  it('are shared by the runs that name one folder for them, and stay there', async () => {
    const cache = join(folder, 'shared cache');
    const config = tinyConfig(data, [`loading.cache=${cache}`, 'steps=2']);
    await train({ config, out: join(folder, 'one') });
    const made = await casesIn(cache);
    await train({ config: { ...config, seed: 1 }, out: join(folder, 'other') });
    expect(made).toHaveLength(6);
    expect(await casesIn(cache)).toEqual(made);
  });

  it('leave nothing where the run is ended before it began', async () => {
    const out = join(folder, 'early');
    const stop = new AbortController();
    const onEvent = (event: TrainEvent) => {
      if (event.type === 'progress' && event.what === 'preparing cases') stop.abort();
    };
    const result = await train({ config: tinyConfig(data), out, onEvent, signal: stop.signal });
    expect(result).toMatchObject({ status: 'interrupted', step: 0 });
    expect(existsSync(out)).toBe(false);
  });
});

async function casesIn(cache: string): Promise<string[]> {
  return (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.case')).sort();
}
