import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConceptSet } from '../shipped.js';
import { readConceptSet } from './read-concept-set.js';
import { writeConceptSet } from './write-concept-set.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-concepts-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('concept set files', () => {
  it('read back as written, replace an older file and leave nothing else', async () => {
    const path = join(folder, 'concepts.json');
    await writeConceptSet(path, loadConceptSet('phantom'));
    await writeConceptSet(path, loadConceptSet('msd-hippocampus'));
    expect(await readConceptSet(path)).toEqual(loadConceptSet('msd-hippocampus'));
    expect(await readdir(folder)).toEqual(['concepts.json']);
  });

  it('are not written where the set is invalid or the folder missing', async () => {
    const bad = { ...loadConceptSet('phantom'), classes: [] };
    await expect(writeConceptSet(join(folder, 'a.json'), bad)).rejects.toMatchObject({
      code: 'invalid-concept-set',
    });
    const nowhere = join(folder, 'none', 'a.json');
    const error = { code: 'unwritable-concept-set', kind: 'resource' };
    await expect(writeConceptSet(nowhere, loadConceptSet('phantom'))).rejects.toMatchObject(error);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leave the older file alone when the name cannot be replaced', async () => {
    await writeConceptSet(join(folder, 'inside.json'), loadConceptSet('phantom'));
    await expect(writeConceptSet(folder, loadConceptSet('phantom'))).rejects.toMatchObject({
      code: 'unwritable-concept-set',
    });
    expect(await readdir(folder)).toEqual(['inside.json']);
  });

  it('are refused by name when missing, not UTF-8, or too large', async () => {
    const missing = join(folder, 'missing.json');
    await expect(readConceptSet(missing)).rejects.toMatchObject({
      code: 'unreadable-concept-set',
      kind: 'data',
    });
    const binary = join(folder, 'binary.json');
    await writeFile(binary, new Uint8Array([0xff, 0xfe, 0x00]));
    await expect(readConceptSet(binary)).rejects.toMatchObject({ code: 'unreadable-concept-set' });
    const large = join(folder, 'large.json');
    await writeFile(large, '{}');
    await truncate(large, 11 * 1024 * 1024);
    await expect(readConceptSet(large)).rejects.toMatchObject({ code: 'concept-set-too-large' });
    await expect(readConceptSet(large)).rejects.toThrow(large);
  });
});
