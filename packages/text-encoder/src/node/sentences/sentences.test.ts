import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '@bipvl/engine';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { bertSentences, type SentenceEncoder } from '../../sentence-encoder.js';
import { bertTokenizer } from '../../tokenizer/bert-tokenizer.js';
import { standInHub } from '../hub/__fixtures__/stand-in-hub.js';
import { tiny, tinyFolder } from '../pretrained/__fixtures__/tiny-folder.js';
import { loadPretrained } from '../pretrained/load-pretrained.js';
import { writeTokenizer } from '../tokenizer-folder.js';
import { lookupOnnx } from './__fixtures__/lookup-onnx.js';
import { loadOnnxRuntime } from './load-onnx-runtime.js';
import { loadOnnxSentences } from './load-onnx-sentences.js';
import { rememberedSentences } from './remembered-sentences.js';

/** Ids 0 to 6: the special tokens, 'tip' and 'tail'. */
const table = [
  [0, 0],
  [1, 1],
  [2, 4],
  [3, 5],
  [9, 9],
  [7, -3],
  [-8, 6],
];

beforeAll(async () => {
  await loadEngine();
});

async function temporary(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'bipvl sentences '));
}

async function onnxFolder(model: Uint8Array | null = lookupOnnx(table)): Promise<string> {
  const folder = await temporary();
  await writeTokenizer(folder, bertTokenizer(['tip', 'tail'], 16));
  await mkdir(join(folder, 'onnx'));
  if (model !== null) await writeFile(join(folder, 'model.onnx'), model);
  return folder;
}

const rows = (vectors: Float32Array[]) => vectors.map((vector) => [...vector]);

describe('a sentence encoder in ONNX', () => {
  test('gives the mean of the states under the mask', async () => {
    const encoder = await loadOnnxSentences(await onnxFolder());
    expect(encoder.width).toBe(2);
    // [CLS] tip [SEP], padded; [CLS] tip tail [SEP]: means of rows 2, 5, 3 and 2, 5, 6, 3 of the table.
    const [short = [], long] = rows(await encoder.encode(['tip', 'tip tail']));
    expect(short).toEqual([4, 2]);
    expect(long).toEqual([1, 3]);
  });

  test('or the class token; its id tells the two apart', async () => {
    const folder = await onnxFolder(null);
    await writeFile(join(folder, 'onnx', 'model.onnx'), lookupOnnx(table));
    const [mean, byClass] = [
      await loadOnnxSentences(folder),
      await loadOnnxSentences(folder, { pooling: 'class' }),
    ];
    expect(rows(await byClass.encode(['tip', '']))).toEqual([
      [2, 4],
      [2, 4],
    ]);
    expect(byClass.id).not.toBe(mean.id);
    expect((await loadOnnxSentences(folder)).id).toBe(mean.id);
  });

  test('comes from a hub like any model', async () => {
    const folder = await onnxFolder();
    const names = ['tokenizer.json', 'tokenizer_config.json'];
    const files = new Map<string, Uint8Array>([
      ['lab/mini/onnx/model.onnx', lookupOnnx(table)],
      ['lab/mini/config.json', new Uint8Array([123, 125])],
    ]);
    for (const name of names)
      files.set(`lab/mini/${name}`, new Uint8Array(await readFile(join(folder, name))));
    const hub = await standInHub({ files, large: 100 });
    const cacheFolder = await temporary();
    await loadOnnxSentences('lab/mini', { hub: hub.url, cacheFolder });
    await hub.close();
    const encoder = await loadOnnxSentences('lab/mini', { offline: true, cacheFolder });
    expect(rows(await encoder.encode(['tail']))).toEqual([[-1, 5]]);
  });

  test('a text that is too long, no text', async () => {
    const encoder = await loadOnnxSentences(await onnxFolder(), { maxTokens: 3 });
    await expect(encoder.encode(['tip tail'])).rejects.toMatchObject({ code: 'text-too-long' });
    await expect(encoder.encode([])).rejects.toMatchObject({ code: 'no-texts' });
  });

  test.each([
    [null, 'no-weights', /no onnx\/model\.onnx and no model\.onnx/],
    [new Uint8Array([1, 2, 3]), 'bad-onnx-model', /refused by the runtime/],
    [lookupOnnx(table, { extraInput: 'pixel_values' }), 'bad-onnx-model', /asks for 'pixel_values'/],
    [lookupOnnx(table, { flat: true }), 'bad-onnx-model', /gives \[.*\], expected states \[1,2,width\]/],
    [lookupOnnx(table.slice(0, 2)), 'bad-onnx-model', /fails \(/],
  ])('what is no such encoder is refused: %#', async (model, code, message) => {
    const folder = await onnxFolder(model);
    await expect(loadOnnxSentences(folder)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test('a runtime that is not installed is a typed error with the command that mends it', async () => {
    const absent = () => Promise.reject(new Error("Cannot find package 'onnxruntime-node'"));
    await expect(loadOnnxRuntime(absent)).rejects.toMatchObject({
      code: 'missing-peer',
      hint: expect.stringContaining('npm i @xenova/transformers'),
    });
  });
});

describe('a BERT as a sentence encoder', () => {
  test('gives what PyTorch gives, by either pooling', async () => {
    const loaded = await loadPretrained(await tinyFolder(), { stages: [1, 1] });
    // The fixture's texts of ids: tip ##s are 6 and 10; it has [2, 3, 0, 0] for the empty text.
    const means = bertSentences({ ...loaded, pooling: 'mean' });
    const [mean = []] = rows(await means.encode(['']));
    const expected = tiny.meanPooled[2] ?? [];
    for (const [i, value] of mean.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
    const [token = []] = rows(await bertSentences(loaded).encode(['']));
    const first = tiny.lastHidden[8] ?? [];
    for (const [i, value] of token.entries()) expect(value).toBeCloseTo(first[i] ?? Number.NaN, 5);
    expect([means.width, mean.length, token.length]).toEqual([8, 8, 8]);
    expect(means.id).not.toBe(bertSentences(loaded).id);
  });
});

describe('rememberedSentences', () => {
  /** Counts its calls; the vector of a text is its length and 1. */
  function counting(id: string): SentenceEncoder {
    const encode = async (texts: readonly string[]) => texts.map(({ length }) => Float32Array.of(length, 1));
    return { id, width: 2, encode: vi.fn(encode) };
  }

  test('asks once for a list of texts, also in another process', async () => {
    const [folder, encoder] = [join(await temporary(), 'a', 'b'), counting('one')];
    const first = await rememberedSentences(encoder, folder).encode(['tip', '']);
    const again = await rememberedSentences(encoder, folder).encode(['tip', '']);
    expect(rows(again)).toEqual([
      [3, 1],
      [0, 1],
    ]);
    expect(rows(first)).toEqual(rows(again));
    expect(encoder.encode).toHaveBeenCalledTimes(1);
  });

  test('asks again for other texts, another order and another encoder', async () => {
    const [folder, encoder, other] = [await temporary(), counting('one'), counting('other')];
    for (const texts of [['a', 'bb'], ['bb', 'a'], ['a,bb'], ['a']])
      await rememberedSentences(encoder, folder).encode(texts);
    await rememberedSentences(other, folder).encode(['a']);
    expect(encoder.encode).toHaveBeenCalledTimes(4);
    expect(other.encode).toHaveBeenCalledTimes(1);
    expect(await readdir(folder)).toHaveLength(5);
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -3)],
    [
      'with a flipped bit in its numbers',
      (bytes: Buffer) => Buffer.from(bytes.with(-2, (bytes.at(-2) ?? 0) ^ 1)),
    ],
    ['empty', () => Buffer.alloc(0)],
  ])('a file that is %s is computed again', async (_, spoil) => {
    const [folder, encoder] = [await temporary(), counting('one')];
    await rememberedSentences(encoder, folder).encode(['tip']);
    const path = join(folder, (await readdir(folder))[0] ?? '');
    await writeFile(path, spoil(await readFile(path)));
    for (const _time of [1, 2])
      expect(rows(await rememberedSentences(encoder, folder).encode(['tip']))).toEqual([[3, 1]]);
    expect(encoder.encode).toHaveBeenCalledTimes(2);
  });

  test('a folder that cannot be made is a typed error', async () => {
    const folder = await temporary();
    await writeFile(join(folder, 'file'), '');
    const remembered = rememberedSentences(counting('one'), join(folder, 'file', 'x'));
    await expect(remembered.encode(['a'])).rejects.toMatchObject({ code: 'write-failed', kind: 'resource' });
  });
});
