import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeSafetensors } from '../checkpoints/safetensors.js';
import type { StateTable } from '../checkpoints/state-mapping.js';
import type { StoredTensor } from '../checkpoints/storage-types.js';
import { BatchNorm } from '../layers/batch-norm.js';
import { Convolution } from '../layers/convolution.js';
import { Linear } from '../layers/linear.js';
import { Module } from '../module.js';
import { RandomStream } from '../random-stream.js';
import { fixtureCases, readFixture } from '../testing/index.js';
import {
  loadCheckpoint,
  readCheckpoint,
  readSafetensors,
  saveCheckpoint,
  writeSafetensors,
} from './index.js';

/** The network that make-pytorch-files.py saved: Conv3d(1, 2, 2), BatchNorm3d(2), Linear(2, 3, bias=False). */
class Network extends Module {
  readonly convolution: Convolution;
  readonly norm = new BatchNorm({ channels: 2 });
  readonly linear: Linear;

  constructor(seed: number) {
    super();
    const random = new RandomStream(seed);
    this.convolution = new Convolution({ inputChannels: 1, outputChannels: 2, kernel: 2 }, random.at('c'));
    this.linear = new Linear({ inputs: 2, outputs: 3, bias: false }, random.at('l'));
  }
}

const table: StateTable = {
  rules: [
    { pattern: '0.weight', name: 'convolution.weight', layout: 'conv3d' },
    { pattern: '0.bias', name: 'convolution.bias', layout: 'same' },
    { pattern: '1.weight', name: 'norm.scale', layout: 'same' },
    { pattern: '1.bias', name: 'norm.shift', layout: 'same' },
    { pattern: '1.running_mean', name: 'norm.runningMean', layout: 'same' },
    { pattern: '1.running_var', name: 'norm.runningVariance', layout: 'same' },
    { pattern: '2.weight', name: 'linear.weight', layout: 'transpose' },
  ],
  ignored: ['{block}.num_batches_tracked'],
};

let folder = '';
let path = '';
/** Saved by PyTorch: the state under 'network_weights', beside an optimiser's state and a log. */
let trained = new Uint8Array(0);
let expected: Record<string, { shape: number[]; values: (number | string)[] }> = {};

beforeAll(async () => {
  await loadEngine();
  folder = await mkdtemp(join(tmpdir(), 'bipvl-checkpoints-'));
  path = join(folder, 'network.safetensors');
  const files = new URL('../checkpoints/pytorch/__fixtures__/pytorch-files.json', import.meta.url);
  const made = JSON.parse(await readFile(files, 'utf8'));
  trained = gunzipSync(Buffer.from(made.cases.trained.file, 'base64'));
  expected = made.cases.trained.tensors;
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const values = (network: Module): [string, number[]][] =>
  [...network.state()].map(([name, variable]) => [name, [...variable.dataSync()]]);

async function problem(loading: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return loading.then(
    () => ({ message: 'it was loaded' }),
    (error: { code?: string; message: string }) => error,
  );
}

describe('a checkpoint of our names', () => {
  test('comes back bit for bit from a file and from bytes, and leaves no tensor behind', async () => {
    const [saved, fromFile, fromBytes] = [new Network(1), new Network(2), new Network(3)];
    saved.norm.runningMean.assign(tf.tensor1d([Number.NaN, -0]));
    const before = tf.memory().numTensors;
    const written = await saveCheckpoint(saved, path, { metadata: new Map([['step', '7']]) });
    expect((await readFile(path)).length).toBe(written.bytes);
    expect(await loadCheckpoint(fromFile, path)).toEqual({ missing: [], extra: [], misshapen: [] });
    await loadCheckpoint(fromBytes, await readFile(path));
    expect(tf.memory().numTensors).toBe(before);
    for (const loaded of [fromFile, fromBytes]) expect(values(loaded)).toEqual(values(saved));
    expect((await readSafetensors(path)).metadata.get('step')).toBe('7');
    expect(await readdir(folder)).toEqual(['network.safetensors']);
  });

  test('that does not fit is refused with every name, and nothing is assigned', async () => {
    const network = new Network(1);
    const before = values(network);
    const tensors = new Map<string, StoredTensor>([
      ['convolution.weight', { dtype: 'F32', shape: [2, 2, 2, 1, 3], data: new Float32Array(24) }],
      ['convolution.bias', { dtype: 'F32', shape: [2], data: new Float32Array(2) }],
      ['norm.scale', { dtype: 'I32', shape: [2], data: new Int32Array(2) }],
      ['head.weight', { dtype: 'F32', shape: [1], data: new Float32Array(1) }],
    ]);
    await writeSafetensors(path, tensors);
    const { code, message } = await problem(loadCheckpoint(network, path));
    expect(code).toBe('state-mismatch');
    for (const part of [
      'convolution.weight is of shape [2,2,2,1,3], expected [2,2,2,1,2]',
      'norm.scale is int32 [2], expected float32 [2]',
      'head.weight is not in the network',
      'norm.shift is missing',
      'linear.weight is missing',
    ])
      expect(message).toContain(part);
    expect(values(network)).toEqual(before);
    const leftOut = await loadCheckpoint(network, path, { partial: true });
    expect(leftOut).toEqual({
      missing: ['norm.shift', 'norm.runningMean', 'norm.runningVariance', 'linear.weight'],
      extra: ['head.weight'],
      misshapen: ['convolution.weight', 'norm.scale'],
    });
    const after = new Map(values(network));
    expect(after.get('convolution.bias')).toEqual([0, 0]);
    expect(after.get('linear.weight')).toEqual(new Map(before).get('linear.weight'));
  });
});

describe('a checkpoint of another implementation', () => {
  test("PyTorch's own file loads by a table, and goes back under its names bit for bit", async () => {
    const network = new Network(1);
    await loadCheckpoint(network, trained, { table, within: ['network_weights'] });
    await saveCheckpoint(network, path, { table });
    const back = (await readSafetensors(path)).tensors;
    const names = Object.keys(expected).filter((name) => name !== '1.num_batches_tracked');
    expect([...back.keys()].sort()).toEqual(names.sort());
    for (const name of names) {
      expect(back.get(name)?.shape).toEqual(expected[name]?.shape);
      expect([...(back.get(name)?.data ?? [])]).toEqual(expected[name]?.values.map(Number));
    }
    // Element [d, h, w, i, o] of ours is element [o, i, d, h, w] of PyTorch's.
    const filter = network.convolution.weight.arraySync() as number[][][][][];
    expect(filter[1]?.[0]?.[1]?.[0]?.[1]).toBe(expected['0.weight']?.values[((1 * 1 + 0) * 2 + 1) * 4 + 1]);
  });

  test('a prefix is taken off, and missing tensors are listed under both names', async () => {
    const network = new Network(1);
    const tensors = await readCheckpoint(trained, { within: ['network_weights'] });
    const renamed = new Map([...tensors].map(([name, tensor]) => [`module.${name}`, tensor]));
    renamed.delete('module.2.weight');
    const bytes = encodeSafetensors(renamed);
    const { message } = await problem(loadCheckpoint(network, bytes, { table, prefix: 'module.' }));
    expect(message).toContain('linear.weight is missing (published as 2.weight)');
    expect(message).not.toContain('no rule');
    const leftOut = await loadCheckpoint(network, bytes, { table, prefix: 'module.', partial: true });
    expect(leftOut).toEqual({ missing: ['linear.weight'], extra: [], misshapen: [] });
    expect([...network.norm.scale.dataSync()]).toEqual(expected['1.weight']?.values);
  });

  test('without the way to its state, or when it is no checkpoint, it is refused', async () => {
    const network = new Network(1);
    expect((await problem(loadCheckpoint(network, trained, { table }))).code).toBe('no-state');
    expect((await problem(loadCheckpoint(network, join(folder, 'none.pt')))).code).toBe('read-failed');
    const text = new TextEncoder().encode('this is no checkpoint of any kind');
    expect((await problem(loadCheckpoint(network, text))).code).toBe('bad-safetensors');
  });
});

describe.skipIf(fixtureCases('networks').length === 0)('published states (needs the fixtures)', () => {
  test('every tensor of every network is bit for bit what was read, written and read again', async () => {
    for (const name of fixtureCases('networks')) {
      const { tensors } = readFixture(`networks/${name}`);
      const file = join(folder, `${name}.safetensors`);
      await writeSafetensors(file, tensors);
      const back = await readCheckpoint(file);
      expect(back.size).toBe(tensors.size);
      for (const [key, { data, shape }] of tensors) {
        const bytes = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
        expect(back.get(key)?.shape, key).toEqual(shape);
        expect(bytes(back.get(key)?.data as ArrayBufferView).equals(bytes(data)), key).toBe(true);
      }
      await rm(file);
    }
  });
});
