import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bertTokenizer } from '../tokenizer/bert-tokenizer.js';
import type { TokenizerDefinition } from '../tokenizer/definition.js';
import { readTokenizer, writeTokenizer } from './tokenizer-folder.js';

const definition = bertTokenizer(['tip'], 512);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-tokenizer-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('tokenizer folder', () => {
  test('is read as it was written, and nothing else lies in it', async () => {
    const inner = join(folder, 'a', 'b');
    await writeTokenizer(inner, definition);
    expect(await readTokenizer(inner)).toEqual(definition);
    expect((await readdir(inner)).sort()).toEqual(['tokenizer.json', 'tokenizer_config.json']);
  });

  test('a definition that is none leaves nothing behind', async () => {
    const wrong = { ...definition, tokenizerJson: { model: {} } } as unknown as TokenizerDefinition;
    await expect(writeTokenizer(folder, wrong)).rejects.toMatchObject({ code: 'bad-tokenizer' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a missing file and a truncated one are errors that name it', async () => {
    await expect(readTokenizer(folder)).rejects.toMatchObject({
      code: 'unreadable-tokenizer',
      message: expect.stringContaining(join(folder, 'tokenizer.json')),
    });
    await writeTokenizer(folder, definition);
    await writeFile(join(folder, 'tokenizer_config.json'), '{ "pad_token": ');
    await expect(readTokenizer(folder)).rejects.toMatchObject({
      code: 'unreadable-tokenizer',
      message: expect.stringContaining('tokenizer_config.json'),
    });
  });

  test('a file too large to be a tokenizer is not read', async () => {
    await writeTokenizer(folder, definition);
    await writeFile(join(folder, 'tokenizer.json'), Buffer.alloc(10_000_001, 0x20));
    await expect(readTokenizer(folder)).rejects.toThrow(/10000001 bytes, expected at most 10000000/);
  });

  test('a place that cannot be written to is a typed error', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeTokenizer(join(folder, 'file', 'x'), definition)).rejects.toMatchObject({
      code: 'unwritable-file',
      kind: 'resource',
    });
  });
});
