import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StandInHub, sha256, standInHub } from './__fixtures__/stand-in-hub.js';
import { fetchModel, fetchTokenizer } from './fetch-model.js';
import type { HubOptions } from './hub-options.js';

const text = (value: string) => new TextEncoder().encode(value);
const weights = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) % 251);
const files = new Map([
  ['lab/bert/config.json', text('{"model_type":"bert"}')],
  ['lab/bert/vocab.txt', text('[PAD]\n[UNK]\n')],
  ['lab/bert/pytorch_model.bin', weights],
  ['lab/no-weights/config.json', text('{}')],
  ['lab/no-weights/vocab.txt', text('[PAD]\n')],
]);
let hub: StandInHub;
let cacheFolder: string;

beforeEach(async () => {
  hub = await standInHub({ files });
  cacheFolder = await mkdtemp(join(tmpdir(), 'bipvl hub '));
});

afterEach(async () => {
  await hub.close();
  await rm(cacheFolder, { recursive: true, force: true });
});

function fetched(id = 'lab/bert', options: HubOptions = {}): Promise<string> {
  return fetchModel(id, { hub: hub.url, cacheFolder, retryDelays: [0, 0], ...options });
}

const contents = (folder: string) => readFile(join(folder, 'pytorch_model.bin'));
const forContents = () => hub.requests.filter((line) => line.startsWith('GET /storage'));

describe('fetchModel', () => {
  test('brings the files there are, whole, and nothing else', async () => {
    const folder = await fetched();
    expect(folder).toBe(join(cacheFolder, 'lab--bert', 'main'));
    expect((await readdir(folder)).sort()).toEqual([
      'config.json',
      'fetched.json',
      'pytorch_model.bin',
      'vocab.txt',
    ]);
    expect(new Uint8Array(await contents(folder))).toEqual(weights);
  });

  test('brings a tokenizer alone, and later what else the model has', async () => {
    const folder = await fetchTokenizer('lab/bert', { hub: hub.url, cacheFolder });
    expect((await readdir(folder)).sort()).toEqual(['fetched.json', 'vocab.txt']);
    hub.requests.length = 0;
    expect(await fetched()).toBe(folder);
    expect(hub.requests.filter((line) => line.includes('vocab.txt'))).toEqual([]);
    await fetched('lab/bert', { offline: true });
  });

  test('makes no connection for what is there', async () => {
    await fetched();
    hub.requests.length = 0;
    await fetched('lab/bert', { offline: true });
    expect(hub.requests).toEqual([]);
  });

  test('tells how far it is', async () => {
    const seen: [string, number, number][] = [];
    await fetched('lab/bert', { onProgress: (...event) => seen.push(event) });
    expect(seen.at(-1)).toEqual(['pytorch_model.bin', weights.byteLength, weights.byteLength]);
  });

  test.each([
    ['a file that was changed', (path: string) => writeFile(path, 'x')],
    ['a file that was removed', (path: string) => rm(path)],
  ])('fetches %s again, and that one alone', async (_, spoil) => {
    const folder = await fetched();
    await spoil(join(folder, 'pytorch_model.bin'));
    await expect(fetched('lab/bert', { offline: true })).rejects.toMatchObject({
      code: 'offline',
      message: expect.stringContaining('pytorch_model.bin in'),
    });
    hub.requests.length = 0;
    await fetched();
    expect(new Uint8Array(await contents(folder))).toEqual(weights);
    expect(
      hub.requests.filter((line) => line.startsWith('GET') && !line.includes('pytorch_model.bin')),
    ).toEqual([]);
  });

  test('a record that is no JSON is not believed', async () => {
    const folder = await fetched();
    await writeFile(join(folder, 'fetched.json'), '{ "config.json": ');
    await writeFile(join(folder, 'vocab.txt'), 'other');
    await fetched();
    expect(await readFile(join(folder, 'vocab.txt'), 'utf8')).toBe('[PAD]\n[UNK]\n');
  });
});

describe('a connection that breaks', () => {
  test('is taken up where it broke off', async () => {
    hub.misdeeds.push(...nothingFor('config.json', 'vocab.txt'), 'cut');
    const folder = await fetched();
    expect(new Uint8Array(await contents(folder))).toEqual(weights);
    expect(forContents().slice(1)).toEqual(['GET /storage/lab/bert/pytorch_model.bin bytes=50000-']);
  });

  test('again and again is an error that keeps what has come; the next call goes on with it', async () => {
    hub.misdeeds.push(...nothingFor('config.json', 'vocab.txt'), 'cut', 'cut', 'cut');
    await expect(fetched()).rejects.toMatchObject({ code: 'hub-unavailable', kind: 'resource' });
    const names = await readdir(join(cacheFolder, 'lab--bert', 'main'));
    expect(names).toContain(`pytorch_model.bin.${sha256(weights).slice(0, 16)}.part`);
    hub.requests.length = 0;
    await fetched();
    expect(forContents()).toEqual(['GET /storage/lab/bert/pytorch_model.bin bytes=87500-']);
  });

  test('that falls silent counts as broken', async () => {
    hub.misdeeds.push(...nothingFor('config.json', 'vocab.txt'), 'silent');
    const folder = await fetched('lab/bert', { silence: 200 });
    expect(new Uint8Array(await contents(folder))).toEqual(weights);
  });

  test('begins anew where the server knows no ranges', async () => {
    hub.misdeeds.push(...nothingFor('config.json', 'vocab.txt'), 'cut', 'no-ranges');
    expect(new Uint8Array(await contents(await fetched()))).toEqual(weights);
  });

  test('a server that is busy is asked again', async () => {
    hub.misdeeds.push('busy', 'busy');
    await fetched();
    hub.misdeeds.push('busy', 'busy', 'busy');
    await rm(cacheFolder, { recursive: true });
    await expect(fetched()).rejects.toMatchObject({ code: 'hub-unavailable' });
  });

  test('a signal ends it', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort(new TypeError('enough'));
    await expect(fetched('lab/bert', { signal: stop.signal, onProgress })).rejects.toThrow('enough');
  });
});

describe('what is refused', () => {
  test('contents that are not what the hub announced; nothing of them is left', async () => {
    hub.misdeeds.push(...nothingFor('config.json', 'vocab.txt'), 'flipped-bit');
    await expect(fetched()).rejects.toMatchObject({
      code: 'wrong-hash',
      message: expect.stringContaining(sha256(weights)),
    });
    expect((await readdir(join(cacheFolder, 'lab--bert', 'main'))).sort()).toEqual([
      'config.json',
      'vocab.txt',
    ]);
    hub.misdeeds.push('longer');
    await expect(fetched()).rejects.toMatchObject({ code: 'wrong-hash' });
  });

  test('a small file with another hash', async () => {
    hub.misdeeds.push('flipped-bit');
    await expect(fetched()).rejects.toMatchObject({
      code: 'wrong-hash',
      message: expect.stringContaining('git-blob'),
    });
  });

  test('another hash than the one that is asked for, also of what is in the cache', async () => {
    const other = { 'vocab.txt': createHash('sha256').update('other').digest('hex') };
    await expect(fetched('lab/bert', { sha256: other })).rejects.toMatchObject({ code: 'wrong-hash' });
    await fetched('lab/bert', { sha256: { 'pytorch_model.bin': sha256(weights) } });
    await expect(fetched('lab/bert', { sha256: other })).rejects.toMatchObject({ code: 'wrong-hash' });
  });

  test.each([
    ['lab/unknown', 'model-not-found'],
    ['gated/bert', 'gated-model'],
    ['lab/no-weights', 'model-file-missing'],
    ['../../etc/passwd', 'bad-model-id'],
    ['a/b/c', 'bad-model-id'],
    ['lab/..', 'bad-model-id'],
  ])('%s: %s', async (id, code) => {
    await expect(fetched(id)).rejects.toMatchObject({ code });
  });

  test('a model that is not in the cache, offline; no connection is made', async () => {
    await expect(fetched('lab/bert', { offline: true })).rejects.toMatchObject({
      code: 'offline',
      kind: 'resource',
    });
    expect(hub.requests).toEqual([]);
  });

  test.each([
    { hub: 'http://models.example' },
    { hub: 'file:///etc' },
    { hub: 'no url' },
    { revision: '../main' },
  ])('%o', async (options) => {
    await expect(fetched('lab/bert', options)).rejects.toMatchObject({ code: 'bad-hub' });
  });

  test('a redirect to a place without https', async () => {
    await hub.close();
    hub = await standInHub({ files, storage: 'http://models.example/file' });
    await expect(fetched()).rejects.toMatchObject({ code: 'bad-hub' });
  });

  test('a server that is not there', async () => {
    await hub.close();
    await expect(fetched()).rejects.toMatchObject({ code: 'hub-unavailable' });
    hub = await standInHub({ files });
  });

  test('a cache folder that is a file', async () => {
    await writeFile(join(cacheFolder, 'lab--bert'), '');
    await expect(fetched()).rejects.toMatchObject({ code: 'write-failed', kind: 'resource' });
  });

  test.skipIf(process.getuid?.() === 0)('a cache folder that cannot be written to', async () => {
    await chmod(cacheFolder, 0o500);
    await expect(fetched()).rejects.toMatchObject({ code: 'write-failed' });
  });
});

/** Files that are served before the one that is meant. */
function nothingFor(...names: string[]): never[] {
  return names.map(() => undefined as never);
}
