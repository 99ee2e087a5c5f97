import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkDataset } from './check-dataset.js';
import { readDataset } from './read-dataset.js';
import { temporaryFolder, tinyImage, writeTinyDataset } from './tiny-dataset.test-support.js';
import { writeVolume } from './write-volume.js';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

const IDS = ['patient_jane', 'b', 'c'];

async function tiny(name: string): Promise<{ folder: string; cacheFolder: string; image: string }> {
  const folder = join(root, name);
  await writeTinyDataset(folder, IDS);
  return { folder, cacheFolder: join(root, `${name} cache`), image: join(folder, 'imagesTr', 'b.nii.gz') };
}

async function rules(folder: string, cacheFolder: string): Promise<string[]> {
  return (await checkDataset(await readDataset(folder), { cacheFolder })).map(({ rule }) => rule);
}

/** Spoils a file behind the cache's back: other bytes of the same number, at the same time. */
async function spoilUnseen(path: string): Promise<void> {
  const { size, atime, mtime } = await stat(path);
  await writeFile(path, new Uint8Array(size));
  await utimes(path, atime, mtime);
}

describe('a check with a cache', () => {
  it('opens no unchanged file again', async () => {
    const { folder, cacheFolder, image } = await tiny('unchanged');
    // A whole number of milliseconds, which `utimes` can give back.
    await utimes(image, 1_700_000_000, 1_700_000_000);
    expect(await rules(folder, cacheFolder)).toEqual([]);
    await spoilUnseen(image);
    expect(await rules(folder, cacheFolder)).toEqual([]);
    expect(await rules(folder, join(root, 'another cache'))).toEqual(['not-nifti']);
  });

  it('sees a file that has changed, and knows content that was only touched', async () => {
    const { folder, cacheFolder, image } = await tiny('changed');
    await rules(folder, cacheFolder);
    await utimes(image, 1_700_000_000, 1_700_000_000);
    expect(await rules(folder, cacheFolder)).toEqual([]);
    await writeVolume(image, { ...tinyImage(1), data: new Int16Array(24) });
    expect(await rules(folder, cacheFolder)).toEqual(['constant-image']);
    expect(await rules(folder, cacheFolder)).toEqual(['constant-image']);
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -20)],
    ['one digit changed', (text: string) => text.replace(/channels\\":1/, 'channels\\":2')],
    ['of another version', (text: string) => text.replace('"version":1', '"version":0')],
  ])('makes a damaged cache anew, with one warning: %s', async (name, damage) => {
    const { folder, cacheFolder } = await tiny(name);
    await rules(folder, cacheFolder);
    const [file = ''] = await readdir(cacheFolder);
    const path = join(cacheFolder, file);
    const text = await readFile(path, 'utf8');
    expect(damage(text)).not.toBe(text);
    await writeFile(path, damage(text));
    expect(await rules(folder, cacheFolder)).toEqual(['cache-damaged']);
    expect(await rules(folder, cacheFolder)).toEqual([]);
  });

  it('goes on where the cache cannot be written', async () => {
    const { folder, cacheFolder } = await tiny('unwritable');
    await writeFile(cacheFolder, 'a file where the folder should be');
    expect(await rules(folder, cacheFolder)).toEqual(['cache-unwritable']);
  });

  it('stores no name of a file', async () => {
    const { folder, cacheFolder } = await tiny('names');
    await mkdir(cacheFolder);
    await rules(folder, cacheFolder);
    const [file = ''] = await readdir(cacheFolder);
    const text = await readFile(join(cacheFolder, file), 'utf8');
    expect(text).not.toMatch(/jane|imagesTr|names/);
    expect((await stat(join(cacheFolder, file))).mode & 0o077).toBe(0);
  });
});
