import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presets } from '../presets/presets.js';
import { temporaryFolder, tinyInput } from '../tiny-run.test-support.js';
import { configDifference } from './config-difference.js';
import { formatConfig, readConfigFile } from './config-file.js';
import { applyOverrides } from './overrides.js';
import { parseRunConfig } from './parse-run-config.js';

const base = tinyInput('/data');

function faultOf(...overrides: string[]): unknown {
  try {
    parseRunConfig(applyOverrides(base, overrides), 'run.yaml');
  } catch (error) {
    return error;
  }
  throw new Error('the configuration was accepted');
}

describe('a run configuration', () => {
  it('gets the defaults of the paper for what it leaves out', () => {
    const { optimiser, seed, validation } = parseRunConfig({ ...base, optimiser: {} });
    expect(optimiser).toEqual({
      learningRate: 1e-4,
      finalLearningRate: 1e-7,
      weightDecay: 1e-5,
      warmupSteps: 0,
      clipNorm: null,
    });
    expect({ seed, overlap: validation.overlap }).toEqual({ seed: 42, overlap: 0.25 });
  });

  it('may leave its labels to the dataset, and keeps those it names', () => {
    expect(parseRunConfig(base).segmenter.labels).toBeNull();
    const named = applyOverrides(base, ['segmenter.labels=[{id: 3, name: spleen}]']);
    expect(parseRunConfig(named).segmenter.labels).toEqual([{ id: 3, name: 'spleen' }]);
  });

  it.each([
    [
      'optimizer={}',
      "run.yaml: there is no key 'optimizer', the nearest is 'optimiser'",
      "write 'optimiser'",
    ],
    [
      'optimiser.learningrate=1',
      "there is no key 'optimiser.learningrate', the nearest is 'learningRate'",
      "write 'optimiser.learningRate'",
    ],
    [
      'segmenter.backbone.chanels=[1]',
      "there is no key 'segmenter.backbone.chanels', the nearest is 'channels'",
      "write 'segmenter.backbone.channels'",
    ],
    [
      'segmenter.backbone.bridge={name: dca, grids: [4, 4, 4]}',
      "there is no key 'segmenter.backbone.bridge.grids', the nearest is 'grid'",
      "write 'segmenter.backbone.bridge.grid'",
    ],
    [
      'recipe.intensity.hgih=1',
      "there is no key 'recipe.intensity.hgih', the nearest is 'high'",
      "write 'recipe.intensity.high'",
    ],
    [
      'augmentation.0.prob=1',
      "there is no key 'augmentation.0.prob', the nearest is 'probability'",
      "write 'augmentation.0.probability'",
    ],
    ['zzzzzzzz=1', "there is no key 'zzzzzzzz'", 'remove it, or use one of: data, dataset, fold, seed'],
  ])('refuses the unknown key of %s and names the nearest', (override, message, hint) => {
    const fault = faultOf(override);
    expect(fault).toMatchObject({ code: 'unknown-key', kind: 'usage' });
    expect(fault).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it.each([
    [
      'segmenter.backbone.name=unett',
      "segmenter.backbone.name: there is no backbone 'unett'; expected one of: unet",
    ],
    [
      'segmenter.backbone.bridge=gate',
      "segmenter.backbone.bridge.name: there is no bridge 'gate'; expected one of: dca",
    ],
    ['steps=many', 'steps: '],
    ['steps=0', 'steps: '],
    ['validation.overlap=1', 'validation.overlap: '],
    ['optimiser.warmupSteps=6', 'optimiser.warmupSteps: must be below steps'],
    ['optimiser.finalLearningRate=1', 'optimiser.finalLearningRate: must not exceed learningRate'],
    ['concepts=null', 'concepts: is missing'],
    ['segmenter.method=bipvl', 'segmenter.method: '],
    ['data=', 'data: '],
    ['recipe.orientation=RAT', 'recipe.orientation: '],
    ['augmentation.0.kind=rotate', 'augmentation.0.kind: '],
  ])('refuses %s by naming the key', (override, message) => {
    expect(faultOf(override)).toMatchObject({
      code: 'bad-config',
      kind: 'usage',
      message: expect.stringContaining(`run.yaml: ${message}`),
    });
  });

  it('is refused when it is no mapping at all', () => {
    expect(() => parseRunConfig(null)).toThrow(/top level/);
    expect(() => parseRunConfig([1])).toThrow(/top level/);
  });

  it('is written as YAML that reads back as the same', async () => {
    const path = join(await temporaryFolder(), 'config.yaml');
    for (const preset of Object.values(presets)) {
      const config = parseRunConfig(preset({ data: '/some where/ü "quoted"' }));
      await writeFile(path, formatConfig(config));
      expect(parseRunConfig(await readConfigFile(path))).toEqual(config);
    }
  });

  it('is refused by file and place when the file is missing or no YAML', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'broken.yaml');
    await writeFile(path, 'steps: [1, 2\nseed: 3');
    await expect(readConfigFile(path)).rejects.toMatchObject({
      code: 'unreadable-config',
      message: expect.stringMatching(/broken\.yaml: .*line/),
    });
    await expect(readConfigFile(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'unreadable-config',
      kind: 'usage',
    });
  });
});

describe('overrides', () => {
  it('set values at any depth, also in lists, and leave the original alone', () => {
    const input = tinyInput('/data');
    const before = structuredClone(input);
    const changed = applyOverrides(input, [
      'optimiser.clipNorm=0.5',
      'augmentation.0.probability.1=0.25',
      'segmenter.alignment=null',
      'validation.cases=',
    ]);
    expect(changed).toMatchObject({
      optimiser: { clipNorm: 0.5 },
      segmenter: { alignment: null },
      validation: { cases: null },
    });
    expect(changed).toMatchObject({ augmentation: [{ probability: [0.5, 0.25, 0] }, {}, {}] });
    expect(input).toEqual(before);
  });

  it.each(['steps', '=3', 'a..b=1', 'augmentation.9=1', 'augmentation.x=1', 'seed=[1', '__proto__.x=1'])(
    'refuse %s',
    (assignment) => {
      expect(() => applyOverrides(base, [assignment])).toThrow(
        expect.objectContaining({ code: 'bad-override', kind: 'usage' }),
      );
    },
  );
});

describe('the difference of two configurations', () => {
  it('names the keys that are not the same, missing ones too', () => {
    const a = { seed: 1, optimiser: { rate: 1, decay: 2 }, patch: [1, 2] };
    const b = { seed: 1, optimiser: { rate: 3, decay: 2 }, patch: [1, 3], steps: 4 };
    expect(configDifference(a, b)).toEqual(['optimiser.rate', 'patch', 'steps']);
    expect(configDifference(a, structuredClone(a))).toEqual([]);
  });
});
