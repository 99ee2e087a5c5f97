import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '@bipvl/engine';
import { evaluation } from '@bipvl/nn';
import { saveCheckpoint } from '@bipvl/nn/node';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { huggingFaceBert } from '../../checkpoints/hugging-face-bert.js';
import { meanTokens } from '../../pooling.js';
import { bertTokenizer } from '../../tokenizer/bert-tokenizer.js';
import { standInHub } from '../hub/__fixtures__/stand-in-hub.js';
import { tiny, tinyFiles, tinyFolder } from './__fixtures__/tiny-folder.js';
import { loadPretrained, type Pretrained } from './load-pretrained.js';

const stages = [1, 1];

beforeAll(async () => {
  await loadEngine();
});

/** The states of the fixture's ids against those of plain PyTorch. */
function expectPyTorchStates({ bert }: Pretrained): void {
  const state = bert.encode(
    tf.tensor2d(tiny.ids, undefined, 'int32'),
    tf.tensor2d(tiny.mask, undefined, 'int32'),
    evaluation(),
  );
  const tolerance = { atol: 2e-6, rtol: 2e-5 };
  expect(compare(state.tokens.dataSync(), tiny.lastHidden.flat(), tolerance)).toMatchObject({
    verdict: 'equal',
  });
  expect(compare(meanTokens(state).dataSync(), tiny.meanPooled.flat(), tolerance)).toMatchObject({
    verdict: 'equal',
  });
}

const config = (changes: object) => JSON.stringify({ ...tiny.config, ...changes });

describe('loadPretrained', () => {
  test('a folder with PyTorch weights under old names computes what PyTorch computes', async () => {
    const loaded = await loadPretrained(await tinyFolder(), { stages });
    expectPyTorchStates(loaded);
    expect(loaded.leftOut.toSorted()).toEqual([
      'bert.embeddings.position_ids',
      'bert.pooler.dense.bias',
      'bert.pooler.dense.weight',
      'cls.predictions.bias',
      'cls.predictions.decoder.weight',
      'cls.predictions.transform.dense.weight',
      'cls.seq_relationship.bias',
    ]);
    expect(loaded.weightsHash).toMatch(/^[0-9a-f]{64}$/);
    loaded.bert.dispose();
  });

  test('a model of a hub is fetched once and then loads without a connection', async () => {
    const files = new Map([...tinyFiles()].map(([name, bytes]) => [`lab/tiny/${name}`, bytes]));
    const hub = await standInHub({ files });
    const cacheFolder = await mkdtemp(join(tmpdir(), 'bipvl models '));
    const first = await loadPretrained('lab/tiny', { hub: hub.url, cacheFolder, stages });
    await hub.close();
    const again = await loadPretrained('lab/tiny', { offline: true, cacheFolder, stages });
    for (const loaded of [first, again]) expectPyTorchStates(loaded);
  });

  test('safetensors and tokenizer.json are taken before the older files', async () => {
    const folder = await tinyFolder();
    const { bert } = await loadPretrained(folder, { stages });
    await saveCheckpoint(bert, join(folder, 'model.safetensors'), { table: huggingFaceBert });
    const { tokenizerJson } = bertTokenizer(['tip', 'of', 'the', 'tail'], 512);
    const newer = await tinyFolder({
      'pytorch_model.bin': 'not read',
      'tokenizer.json': JSON.stringify(tokenizerJson),
    });
    await saveCheckpoint(bert, join(newer, 'model.safetensors'), { table: huggingFaceBert });
    const loaded = await loadPretrained(newer, { stages });
    expectPyTorchStates(loaded);
    expect(loaded.leftOut).toEqual([]);
    expect(loaded.tokenizer.encode(['Tip'], { maxTokens: 5 }).ids).toEqual([[2, 5, 3]]);
  });

  test('its tokenizer is cased where the vocabulary is, unless its configuration says otherwise', async () => {
    const { tokenizer } = await loadPretrained(await tinyFolder(), { stages });
    expect(tokenizer.encode(['Tip tips.'], { maxTokens: 8 }).ids).toEqual([[2, 5, 6, 10, 11, 3]]);
    const lower = { 'tokenizer_config.json': '{"do_lower_case":true}' };
    const uncased = await loadPretrained(await tinyFolder(lower), { stages });
    expect(uncased.tokenizer.encode(['Tip tips.'], { maxTokens: 8 }).ids).toEqual([[2, 6, 6, 10, 11, 3]]);
  });

  test('has the published dropout unless another is asked for, and half of the layers in its first stage', async () => {
    const folder = await tinyFolder({
      'config.json': config({ hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }),
    });
    expect((await loadPretrained(folder, { stages })).sizes.dropout).toBe(0);
    await expect(loadPretrained(folder)).rejects.toMatchObject({ code: 'stage-division' });
  });
});

describe('what does not load', () => {
  test.each([
    [
      { num_hidden_layers: 3 },
      'state-mismatch',
      /layers\.2\.attention\.query\.weight is missing \(published as/,
    ],
    [
      { num_hidden_layers: 1 },
      'state-mismatch',
      /bert\.encoder\.layer\.1\.attention\.self\.query\.weight becomes/,
    ],
    [
      { intermediate_size: 8 },
      'state-mismatch',
      /intermediate\.dense\.weight becomes .* of shape \[8,16\], expected \[8,8\]/,
    ],
    [{ model_type: 'distilbert' }, 'unsupported-model', /model_type is "distilbert", expected "bert"/],
    [{ hidden_act: 'relu' }, 'unsupported-model', /hidden_act/],
    [{ layer_norm_eps: 1e-5 }, 'unsupported-model', /layer_norm_eps/],
    [{ vocab_size: 'many' }, 'unsupported-model', /vocab_size is "many"/],
    [{ hidden_dropout_prob: 0.2 }, 'unsupported-model', /dropout 0.2 and 0.1/],
    [{ vocab_size: 11 }, 'tokenizer-and-weights', /12 tokens, the weights have 11 words/],
  ])('a configuration with %o', async (changes, code, message) => {
    const folder = await tinyFolder({ 'config.json': config(changes) });
    const layers = { ...tiny.config, ...changes }.num_hidden_layers;
    const before = tf.memory().numTensors;
    const loading = loadPretrained(folder, { stages: Array<number>(layers).fill(1) });
    await expect(loading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    [{ 'config.json': undefined }, 'unsupported-model'],
    [{ 'config.json': '[1' }, 'unsupported-model'],
    [{ 'config.json': 'null' }, 'unsupported-model'],
    [{ 'vocab.txt': undefined }, 'unreadable-tokenizer'],
    [{ 'vocab.txt': 'tip\ntail\n' }, 'bad-tokenizer'],
    [{ 'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\ntip\ntip\n' }, 'bad-tokenizer'],
    [{ 'pytorch_model.bin': undefined }, 'no-weights'],
    [{ 'pytorch_model.bin': 'PK but no archive' }, 'bad-pytorch-file'],
  ])('a folder with %o', async (changes, code) => {
    await expect(loadPretrained(await tinyFolder(changes), { stages })).rejects.toMatchObject({ code });
  });

  test('a folder that is not there', async () => {
    await expect(loadPretrained('./no/such/folder')).rejects.toMatchObject({ code: 'bad-model-id' });
  });
});
