import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// The package as it is built: a worker thread needs compiled code.
import {
  openPatchLoader,
  type PatchLoaderOptions,
  prepareCase,
  readDataset,
  writePhantom,
} from '@bipvl/preprocess/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { augmentPatch } from '../../augment/augment.js';
import { AUGMENTATION_PRESETS } from '../../augment/presets.js';
import type { CaseFiles } from '../../dataset/dataset.js';
import { keyedRandom } from '../../random.js';
import { parseRecipe } from '../../recipe/recipe.js';
import type { Patch } from '../../sampling/patch.js';
import { samplePatch } from '../../sampling/sample-patch.js';
import { shuffledOrder } from './patch-request.js';

let folder: string;
let cases: readonly CaseFiles[];
let options: PatchLoaderOptions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patch-loader-'));
  await writePhantom(join(folder, 'data'), { cases: 4, seed: 5 });
  cases = (await readDataset(join(folder, 'data'))).cases;
  options = {
    cases,
    prepare: {
      recipe: parseRecipe({ spacing: [6, 6, 6], intensity: { kind: 'window', low: -175, high: 250 } }),
      labelIds: [3, 1],
      backgroundAbove: 0,
    },
    sampling: { size: [13, 16, 80], balanceClasses: true, fill: 0.25 },
    augmentation: AUGMENTATION_PRESETS.ct,
    cacheFolder: join(folder, 'cache'),
    seed: 7,
    workers: 0,
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function take(count: number, changes: Partial<PatchLoaderOptions> = {}, from = 0): Promise<Patch[]> {
  const loader = await openPatchLoader({ ...options, ...changes });
  const taken: Patch[] = [];
  try {
    for await (const { patch } of loader.patches(from)) {
      taken.push(patch);
      if (taken.length === count) break;
    }
  } finally {
    await loader.close();
  }
  return taken;
}

async function cacheFiles(): Promise<string[]> {
  const names = await readdir(options.cacheFolder, { recursive: true });
  return names.filter((name) => name.endsWith('.case')).map((name) => join(options.cacheFolder, name));
}

describe('openPatchLoader', () => {
  it('makes the patches that sampling in memory makes, from rows of the cached file', async () => {
    const order = shuffledOrder(
      cases.map(({ id }) => id),
      7,
    );
    const found = await take(9);
    for (const [n, patch] of found.entries()) {
      const { caseId, sampleKey, augmentationKey } = order(n);
      const files = cases.find(({ id }) => id === caseId) as CaseFiles;
      const { image, label, index } = await prepareCase(files, options.prepare);
      const drawn = samplePatch(image, label, index, { ...options.sampling, random: keyedRandom(sampleKey) });
      expect(patch).toEqual(augmentPatch(drawn, AUGMENTATION_PRESETS.ct, keyedRandom(augmentationKey)));
    }
    expect(new Set(found.flatMap(({ label }) => [...label]))).toEqual(new Set([0, 1, 2]));
  });

  it('gives the same patches whatever the number of threads, from any place on', async () => {
    const alone = await take(10);
    for (const workers of [1, 3]) expect(await take(10, { workers })).toEqual(alone);
    expect(await take(4, { workers: 2, ahead: 1 }, 6)).toEqual(alone.slice(6));
    expect(await take(10, { seed: 8 })).not.toEqual(alone);
  });

  it('goes through all cases in every epoch', () => {
    const order = shuffledOrder(['a', 'b', 'c'], 1);
    const epochs = [0, 3, 6, 9, 12].map((n) =>
      [order(n), order(n + 1), order(n + 2)].map(({ caseId }) => caseId),
    );
    for (const epoch of epochs) expect([...epoch].sort()).toEqual(['a', 'b', 'c']);
    expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
    const keys = Array.from({ length: 500 }, (_, n) => order(n)).flatMap((each) => [
      each.sampleKey,
      each.augmentationKey,
    ]);
    expect(new Set(keys).size).toBe(1000);
  });

  it('prepares a case once, finds it by content, and anew when a file or an option changes', async () => {
    const before = await cacheFiles();
    await take(1);
    expect(await cacheFiles()).toEqual(before);
    expect(before).toHaveLength(cases.length);
    await take(1, { prepare: { ...options.prepare, labelIds: [1, 3] } });
    expect(await cacheFiles()).toHaveLength(2 * cases.length);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1000)],
    ['flipped in one bit', (bytes: Buffer) => flipped(bytes, bytes.length >> 1)],
    ['flipped in its header', (bytes: Buffer) => flipped(bytes, 40)],
    ['full of zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
    ['empty', () => Buffer.alloc(0)],
    [
      'of another version',
      (bytes: Buffer) => Buffer.concat([Buffer.from('BIPVLCASE9\n\0'), bytes.subarray(12)]),
    ],
  ])('replaces a cache file that is %s, and says so once', async (_, damage) => {
    const expected = await take(8);
    for (const path of await cacheFiles()) await writeFile(path, damage(await readFile(path)));
    const notices: string[] = [];
    const found = await take(8, { workers: 1, onNotice: (message) => notices.push(message) });
    expect(found).toEqual(expected);
    expect(notices).toHaveLength(cases.length);
    const later: string[] = [];
    await take(1, { onNotice: (message) => later.push(message) });
    expect(later).toEqual([]);
  });

  it('tells of a broken case as the same typed error from any thread, and of misuse', async () => {
    const [first, ...others] = cases as [CaseFiles, ...CaseFiles[]];
    const broken = join(folder, 'broken.nii.gz');
    await writeFile(broken, await readFile(first.images[0] ?? ''));
    await truncate(broken, 5000);
    const withBroken = [...others, { ...first, images: [broken] }];
    for (const workers of [0, 2]) {
      await expect(openPatchLoader({ ...options, cases: withBroken, workers })).rejects.toMatchObject({
        name: 'PreprocessError',
        kind: 'data',
        message: expect.stringContaining('broken.nii.gz'),
      });
    }
    const wrong: [Partial<PatchLoaderOptions>, string][] = [
      [{ workers: 1.5 }, 'bad-workers'],
      [{ cases: [] }, 'no-cases'],
      [{ cases: [first, first] }, 'duplicate-case'],
      [{ cases: [{ id: first.id, images: first.images }] }, 'no-label'],
    ];
    for (const [changes, code] of wrong) {
      await expect(openPatchLoader({ ...options, ...changes })).rejects.toMatchObject({ code });
    }
  });

  it('opens no case but its own, and nothing after it was closed', async () => {
    const loader = await openPatchLoader({
      ...options,
      workers: 1,
      order: () => ({ caseId: 'other', sampleKey: 1, augmentationKey: 2 }),
    });
    await expect(loader.patch(0)).rejects.toMatchObject({ code: 'unknown-case' });
    expect(() => loader.readCase('other')).toThrow(expect.objectContaining({ code: 'case-not-allowed' }));
    const [first] = cases as [CaseFiles];
    const { image, label } = await prepareCase(first, options.prepare);
    expect(loader.readCase(first.id).image.data).toEqual(image.data);
    expect(loader.readCase(first.id).label.data).toEqual(label.data);
    await loader.close();
    await expect(loader.patch(0)).rejects.toMatchObject({ code: 'loader-closed' });
  });

  it('stops preparing when its signal aborts', async () => {
    const stop = new AbortController();
    const opening = openPatchLoader({
      ...options,
      cacheFolder: join(folder, 'stopped'),
      onProgress: () => stop.abort(new Error('enough')),
      signal: stop.signal,
    });
    await expect(opening).rejects.toThrow('enough');
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  return bytes;
}
