import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConceptSet } from '@bipvl/concepts';
import { type AugmentationStep, PHANTOM_LABELS } from '@bipvl/preprocess';
import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../config/run-config.js';
import { pairsInChannels } from '../data/pairs-in-channels.js';
import { preview } from '../preview.js';
import { temporaryFolder, tinyConfig, tinyPhantom } from '../tiny-run.test-support.js';
import { resolveFlips } from './resolve-flips.js';
import { namesSide, sidePairs } from './side-names.js';

const labels = PHANTOM_LABELS.filter(({ id }) => id > 0);
const flip = (over: object = {}): AugmentationStep => ({
  kind: 'flip',
  probability: [0.5, 0.4, 0.3],
  labelPairs: [],
  ...over,
});

/** The phantom's configuration, whose kidneys have sides, with one flip. */
function configOf(step: AugmentationStep, over: Partial<ResolvedConfig> = {}): ResolvedConfig {
  const config = tinyConfig('/data');
  return {
    ...config,
    segmenter: { ...config.segmenter, labels } as ResolvedConfig['segmenter'],
    augmentation: [{ kind: 'shift', range: [0, 1], probability: 1 }, step],
    ...over,
  };
}

const oriented = (orientation: string | null) => ({
  recipe: { ...tinyConfig('/data').recipe, orientation },
});

describe('resolveFlips', () => {
  it('turns left-right flips off where concepts speak of sides, and says how to keep them', async () => {
    const { config, notices } = await resolveFlips(configOf(flip()));
    expect(config.augmentation[1]).toEqual(flip({ probability: [0, 0.4, 0.3] }));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^augmentation\.1: flips along the left-right axis \(D\) are turned off/);
    expect(notices[0]).toMatch(/left kidney.*labelPairs, here perhaps \[\[3,4\]\]/);
    expect(await resolveFlips(config)).toEqual({ config, notices: [] });
  });

  it('keeps them where pairs are given', async () => {
    const paired = configOf(flip({ labelPairs: [[3, 4]] }));
    expect(await resolveFlips(paired)).toEqual({ config: paired, notices: [] });
  });

  it('keeps them where no class has a side, in text or name', async () => {
    const noSides = configOf(flip(), { concepts: 'msd-hippocampus' });
    const hippocampus = loadConceptSet('msd-hippocampus').classes.map(({ label, name }) => ({
      id: label,
      name,
    }));
    const segmenter = { ...noSides.segmenter, labels: hippocampus } as ResolvedConfig['segmenter'];
    const config = { ...noSides, segmenter };
    expect(await resolveFlips(config)).toEqual({ config, notices: [] });
    // without orientation either: nothing is at stake
    const unoriented = { ...config, ...oriented(null) };
    expect(await resolveFlips(unoriented)).toEqual({ config: unoriented, notices: [] });
  });

  it('goes by the names of the classes where no text is read', async () => {
    const bare = configOf(flip(), { concepts: null });
    const visionOnly = { ...bare.segmenter, method: 'vision-only' } as ResolvedConfig['segmenter'];
    const { notices } = await resolveFlips({ ...bare, segmenter: visionOnly });
    expect(notices[0]).toContain('left or right is said of left kidney, right kidney;');
    const liver = { ...visionOnly, labels: [{ id: 1, name: 'liver' }] } as ResolvedConfig['segmenter'];
    expect((await resolveFlips({ ...bare, segmenter: liver })).notices).toEqual([]);
  });

  it('reads the texts of a file, those of the labels of the run alone', async () => {
    const file = join(await temporaryFolder(), 'concepts.json');
    await writeFile(file, JSON.stringify(loadConceptSet('phantom')));
    const { notices } = await resolveFlips(configOf(flip(), { concepts: file }));
    expect(notices).toHaveLength(1);
    const aorta = configOf(flip(), { concepts: file });
    const segmenter = { ...aorta.segmenter, labels: labels.filter(({ id }) => id === 1) };
    const only = await resolveFlips({ ...aorta, segmenter: segmenter as ResolvedConfig['segmenter'] });
    expect(only.notices[0]).toContain('is said of liver;');
  });

  it('takes the left-right axis from the orientation', async () => {
    const { config, notices } = await resolveFlips(configOf(flip(), oriented('PIR')));
    expect(config.augmentation[1]).toEqual(flip({ probability: [0.5, 0.4, 0], leftRightAxis: 2 }));
    expect(notices[0]).toContain('(W)');
    const paired = await resolveFlips(configOf(flip({ labelPairs: [[3, 4]] }), oriented('ALS')));
    expect(paired.config.augmentation[1]).toEqual(flip({ labelPairs: [[3, 4]], leftRightAxis: 1 }));
    expect(await resolveFlips(config)).toEqual({ config, notices: [] });
  });

  it.each([
    ['a foreign id', flip({ labelPairs: [[3, 9]] }), 'RAS', 'unknown-label-pair'],
    ['another axis than the orientation has', flip({ leftRightAxis: 1 }), 'RAS', 'wrong-left-right-axis'],
    ['no orientation', flip(), null, 'unknown-left-right-axis'],
    ['no orientation, with pairs', flip({ labelPairs: [[3, 4]] }), null, 'unknown-left-right-axis'],
  ])('refuses %s', async (_, step, orientation, code) => {
    await expect(resolveFlips(configOf(step, oriented(orientation)))).rejects.toMatchObject({
      code,
      kind: 'usage',
      message: expect.stringContaining('augmentation.1'),
    });
  });

  it('takes the axis that a configuration without orientation names', async () => {
    const config = configOf(flip({ leftRightAxis: 1, labelPairs: [[3, 4]] }), oriented(null));
    expect(await resolveFlips(config)).toEqual({ config, notices: [] });
  });
});

describe('preview', () => {
  it('shows what a run would train with, and says what was turned off', async () => {
    const notices: string[] = [];
    const data = await tinyPhantom(await temporaryFolder());
    const { augmentation } = await preview(tinyConfig(data), (message) => notices.push(message));
    expect(augmentation[0]).toMatchObject({ kind: 'flip', probability: [0, 0, 0] });
    expect(notices).toEqual([
      expect.stringContaining('augmentation.0: flips along'),
      expect.stringContaining("concepts: 'phantom' is not reviewed by a person"),
    ]);
  });
});

describe('names with a side', () => {
  it('are told by whole words', () => {
    for (const name of ['left kidney', 'Kidney_Right', 'RIGHT-lung', 'left'])
      expect(namesSide(name)).toBe(true);
    for (const name of ['liver', 'cleft', 'bright spot', 'leftover']) expect(namesSide(name)).toBe(false);
  });

  it('are paired where they differ by it alone', () => {
    expect(sidePairs(labels)).toEqual([[3, 4]]);
    const odd = [{ id: 7, name: 'Lung_Right' }, { id: 5, name: 'lung_left' }, { id: 2, name: 'left eye' }]; // biome-ignore format: a table
    expect(sidePairs(odd)).toEqual([[5, 7]]);
  });
});

describe('pairsInChannels', () => {
  it('translates ids of the dataset to the numbers of the prepared labels', () => {
    const steps = [flip({ labelPairs: [[30, 4]] }), { kind: 'shift', range: [0, 1], probability: 1 }] as const; // biome-ignore format: a table
    expect(pairsInChannels(steps, [4, 7, 30])).toEqual([flip({ labelPairs: [[3, 1]] }), steps[1]]);
    expect(pairsInChannels(steps, [4, 7])).toEqual([flip({ labelPairs: [] }), steps[1]]);
  });
});
