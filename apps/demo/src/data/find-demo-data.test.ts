import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataset } from '@bipvl/preprocess/node';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder, writeSmallHippocampus } from './__fixtures__/small-hippocampus.js';
import { archiveOf, serve, smallArchive, startMirror, status } from './__fixtures__/stand-in-mirror.js';
import type { DemoData, FindOptions } from './demo-data.js';
import { demoSplits } from './demo-splits.js';
import { findDemoData } from './find-demo-data.js';

let bytes: Buffer;
let root: string;
let cache: string;
let notes: string[];
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  bytes = await smallArchive();
});

beforeEach(() => {
  root = temporaryFolder();
  cache = join(root, 'cache');
  notes = [];
});

afterEach(async () => {
  await close?.();
  close = undefined;
});

/** Finds with a mirror that nobody may ask, unless one is given. */
function find(options: Partial<FindOptions> = {}, environment: NodeJS.ProcessEnv = {}): Promise<DemoData> {
  return findDemoData(
    {
      environment: { BIPVL_CACHE: cache, ...environment },
      repositoryRoot: join(root, 'repository'),
      seed: 7,
      onNote: (line) => notes.push(line),
      ...options,
    },
    archiveOf(bytes, 'http://127.0.0.1:9/nobody.tar'),
  );
}

const places = {
  option: () => writeSmallHippocampus(join(root, 'option')),
  variable: () => writeSmallHippocampus(join(root, 'variable', 'Task04_Hippocampus')),
  shared: () => writeSmallHippocampus(join(root, 'shared', 'data', 'Task04_Hippocampus')),
  cache: () => writeSmallHippocampus(join(cache, 'data', 'Task04_Hippocampus')),
};

describe('the order', () => {
  test('--data, BIPVL_DATA, ../shared/data, the cache', async () => {
    const folders = Object.fromEntries(Object.entries(places).map(([name, write]) => [name, write()]));
    const environment = { BIPVL_DATA: join(root, 'variable') };
    const expected = (found: string) => ({ kind: 'hippocampus', folder: folders[found], found });
    expect(await find({ data: join(root, 'option') }, environment)).toEqual(expected('option'));
    expect(await find({}, environment)).toEqual(expected('variable'));
    expect(await find({}, { BIPVL_DATA: '' })).toEqual(expected('shared'));
    rmSync(join(root, 'shared'), { recursive: true });
    expect(await find()).toEqual(expected('cache'));
    expect(notes).toEqual([]);
  });

  test('the cache is that of XDG_CACHE_HOME where BIPVL_CACHE is not set', async () => {
    const folder = writeSmallHippocampus(join(root, 'bipvl', 'data', 'Task04_Hippocampus'));
    const found = await find({}, { BIPVL_CACHE: '', XDG_CACHE_HOME: root, LOCALAPPDATA: root });
    if (process.platform !== 'win32') expect(found).toEqual({ kind: 'hippocampus', folder, found: 'cache' });
  });

  test('a place that nobody named and that is unfit is passed over with a word', async () => {
    const unfit = writeSmallHippocampus(join(root, 'shared', 'data', 'Task04_Hippocampus'), { cases: 29 });
    const folder = places.cache();
    expect(await find()).toEqual({ kind: 'hippocampus', folder, found: 'cache' });
    expect(notes).toEqual([`passed over ${unfit}: it has 29 cases with image and label, fewer than 30`]);
  });
});

describe('a named place that is wrong', () => {
  const cases: [string, (folder: string) => void, string][] = [
    ['is not there', () => {}, 'there is no such folder'],
    ['is empty', (folder) => void mkdirSync(folder), 'it holds neither dataset.json nor Task04_Hippocampus'],
    ['has few cases', (folder) => void writeSmallHippocampus(folder, { cases: 29 }), '29 cases'],
    ['lacks a label', (folder) => void writeSmallHippocampus(folder, { withoutLabelOf: 4 }), '29 cases'],
    [
      'has other classes',
      (folder) =>
        void writeSmallHippocampus(folder, { labels: { 0: 'background', 1: 'Posterior', 2: 'Anterior' } }),
      '1 Posterior, 2 Anterior',
    ],
    [
      'has a third class',
      (folder) =>
        void writeSmallHippocampus(folder, {
          labels: { 0: 'background', 1: 'Anterior', 2: 'Posterior', 3: 'Subiculum' },
        }),
      '3 Subiculum',
    ],
    [
      'has a damaged manifest',
      (folder) => {
        mkdirSync(folder);
        writeFileSync(join(folder, 'dataset.json'), '{');
      },
      'is not JSON',
    ],
    ['is a file', (folder) => writeFileSync(folder, ''), 'it holds neither'],
  ];
  test.each(cases)('%s: a typed error that names it and what was expected', async (_, prepare, fault) => {
    places.shared();
    const wrong = join(root, 'wrong');
    prepare(wrong);
    const ways = { '--data': () => find({ data: wrong }), BIPVL_DATA: () => find({}, { BIPVL_DATA: wrong }) };
    for (const [name, way] of Object.entries(ways)) {
      const error = await way().then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(error).toMatchObject({ name: 'DemoError', code: 'wrong-data-folder', kind: 'data' });
      expect(error?.message).toContain(`${name} ${wrong}`);
      expect(error?.message).toContain(fault);
      expect(error?.message).toContain('labels 1 Anterior, 2 Posterior');
      expect(error?.message).not.toContain('\n');
    }
  });

  test('nnU-Net spelling and lower-case names are right', async () => {
    const folder = writeSmallHippocampus(join(root, 'nnunet'), {
      labels: { background: 0, anterior: 1, posterior: 2 },
    });
    expect(await find({ data: folder })).toMatchObject({ found: 'option' });
  });
});

describe('the mirror', () => {
  test('is asked where nothing is found, and the next run finds its gift in the cache', async () => {
    const mirror = await startMirror(serve(bytes));
    close = mirror.close;
    const folder = join(cache, 'data', 'Task04_Hippocampus');
    expect(await find({ mirror: mirror.url })).toEqual({ kind: 'hippocampus', folder, found: 'download' });
    expect(notes).toEqual([expect.stringContaining(mirror.url)]);
    expect(await find({ mirror: mirror.url })).toEqual({ kind: 'hippocampus', folder, found: 'cache' });
    expect(mirror.ranges).toHaveLength(1);
    const { heldOut, folds } = demoSplits(await readDataset(folder));
    expect([heldOut.length, folds.length]).toEqual([6, 5]);
  });

  test('that fails gives the phantom, said plainly', async () => {
    const mirror = await startMirror(status(404));
    close = mirror.close;
    const found = await find({ mirror: mirror.url }, { HTTPS_PROXY: 'http://name:secret@proxy' });
    expect(found).toMatchObject({
      kind: 'phantom',
      found: 'phantom',
      note: expect.stringContaining('answered 404'),
    });
    expect(found.note).toContain("HTTPS_PROXY is set, but Node's fetch does not use it");
    expect(notes.join('\n')).toContain('the demo runs on the embedded phantom instead');
    expect(notes.join('\n')).not.toContain('secret');
    const dataset = await readDataset(found.folder);
    expect(dataset.name).toBe('BiPVL phantom');
    expect(demoSplits(dataset)).toEqual(dataset.splits);
    expect(existsSync(join(cache, 'data', 'Task04_Hippocampus'))).toBe(false);
    const offline = await find({ mirror: mirror.url }, { BIPVL_OFFLINE: '1' });
    expect(offline).toEqual({ ...found, note: 'BIPVL_OFFLINE is set, so no mirror was asked' });
    places.cache();
    const asked = await find({ mirror: mirror.url, phantom: true });
    expect(asked).toEqual({ ...found, note: 'The phantom was asked for.' });
    expect(mirror.ranges).toHaveLength(1);
  });

  test('an abort is an abort, not a reason for the phantom', async () => {
    const signal = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(find({ signal })).rejects.toThrow('Ctrl-C');
    expect(existsSync(cache)).toBe(false);
    const controller = new AbortController();
    const mirror = await startMirror(() => controller.abort(new Error('Ctrl-C')));
    close = mirror.close;
    await expect(find({ signal: controller.signal, mirror: mirror.url })).rejects.toThrow('Ctrl-C');
    expect(readdirSync(join(cache, 'phantom'))).toEqual([]);
  });
});

test('a cache that cannot be written is a typed error that names it', async () => {
  writeFileSync(cache, 'a file where the folder should be');
  await expect(find()).rejects.toMatchObject({
    code: 'cache-unwritable',
    kind: 'resource',
    message: expect.stringContaining(cache),
  });
});

test.skipIf(process.getuid?.() === 0)('a read-only cache is the same (not run as root)', async () => {
  mkdirSync(join(cache, 'data'), { recursive: true });
  chmodSync(join(cache, 'data'), 0o500);
  await expect(find()).rejects.toMatchObject({ code: 'cache-unwritable' });
});
