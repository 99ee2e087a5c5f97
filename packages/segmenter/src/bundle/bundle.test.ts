import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bundleParts,
  type SmallSegmenter,
  smallSegmenter,
  smallVisionOnlyConfig,
} from '../__fixtures__/small-segmenters.js';
import { parseSegmenterConfig } from '../config-schema.js';
import { createSegmenter } from '../create-segmenter.js';
import { readBundle, readBundleManifest } from '../node/read-bundle.js';
import { writeBundle } from '../node/write-bundle.js';
import type { Segmenter } from '../segmenter.js';
import { encodeBundle } from './encode-bundle.js';

let small: SmallSegmenter;
let folder: string;

beforeAll(async () => {
  await loadEngine();
  small = await smallSegmenter(1);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-bundle-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

afterAll(() => small.segmenter.network.dispose());

const imageShape: [number, number, number, number, number] = [1, 16, 16, 16, 1];

function logitsOf(segmenter: Segmenter): Float32Array {
  const predictor = segmenter.openPredictor();
  const image = tf.tensor5d(
    Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i)),
    imageShape,
  );
  const logits = predictor.predict(image);
  const values = Float32Array.from(logits.dataSync());
  tf.dispose([image, logits]);
  predictor.dispose();
  return values;
}

/** Opens the bundle in a process of its own and writes the logits of the same image to a file. */
const opener = `
import { writeFileSync } from 'node:fs';
import { loadEngine } from '@bipvl/engine';
import { readBundle, readBundleManifest } from '@bipvl/segmenter/node';
const [bundle, out] = process.argv.slice(1);
const tf = await loadEngine();
const { segmenter } = await readBundle(bundle);
const image = tf.tensor5d(Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i)), ${JSON.stringify(imageShape)});
const logits = segmenter.openPredictor().predict(image);
writeFileSync(out, Buffer.from(Float32Array.from(logits.dataSync()).buffer));
`;

async function edit(name: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, 'bundle', name);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

describe('a bundle', () => {
  test('save, fresh process, load: identical logits', async () => {
    const path = join(folder, 'bundle');
    await writeBundle(path, bundleParts(small));
    const out = join(folder, 'logits');
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', opener, path, out], {
      cwd: import.meta.dirname,
    });
    const bytes = await readFile(out);
    const loaded = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    );
    const expected = logitsOf(small.segmenter);
    expect(loaded.length).toBe(expected.length);
    expect(
      loaded.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0),
    ).toBe(0);
  });

  test('holds the whole state, its texts and what it was trained on', async () => {
    const path = join(folder, 'bundle');
    const parts = bundleParts(small);
    await writeBundle(path, parts);
    expect((await readdir(path)).sort()).toEqual(['concepts.json', 'model.safetensors', 'segmenter.json']);
    const bundle = await readBundle(path);
    expect(bundle.segmenter.config).toEqual(small.segmenter.config);
    expect(bundle.recipe).toEqual(parts.recipe);
    expect(bundle.conceptSet).toEqual(small.conceptSet);
    expect(bundle.about).toEqual({
      product: parts.product,
      modality: ['MRI'],
      training: parts.training,
      weightsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const loaded = bundle.segmenter.network.state();
    for (const [name, variable] of small.segmenter.network.state()) {
      expect([...(loaded.get(name)?.dataSync() ?? [])]).toEqual([...variable.dataSync()]);
    }
    bundle.segmenter.network.dispose();
  });

  test('the same segmenter gives the same bytes', async () => {
    expect(await encodeBundle(bundleParts(small))).toEqual(await encodeBundle(bundleParts(small)));
  });

  test('a segmenter without text has no concepts.json', async () => {
    const segmenter = createSegmenter(smallVisionOnlyConfig(), { seed: 3 });
    const path = join(folder, 'bundle');
    await writeBundle(path, { ...bundleParts(small), segmenter, conceptSet: null, tokenizer: null });
    expect((await readdir(path)).sort()).toEqual(['model.safetensors', 'segmenter.json']);
    const bundle = await readBundle(path);
    expect(bundle.conceptSet).toBeNull();
    expect([...logitsOf(bundle.segmenter)]).toEqual([...logitsOf(segmenter)]);
    segmenter.network.dispose();
    bundle.segmenter.network.dispose();
  });
});

describe('a bundle of a backbone with a bridge', () => {
  test.each(['dca', { name: 'dca', grid: [2, 2, 2], blocks: 2 }, 'normalised-skips'])(
    '%j gives the same logits once it is read',
    async (bridge) => {
      const plain = smallVisionOnlyConfig();
      const config = parseSegmenterConfig({ ...plain, backbone: { ...plain.backbone, bridge } });
      const segmenter = createSegmenter(config, { seed: 3 });
      const path = join(folder, 'bundle');
      await writeBundle(path, { ...bundleParts(small), segmenter, conceptSet: null, tokenizer: null });
      const bundle = await readBundle(path);
      expect(bundle.segmenter.config).toEqual(config);
      expect([...bundle.segmenter.network.state().keys()].some((name) => name.includes('bridge.'))).toBe(
        true,
      );
      expect([...logitsOf(bundle.segmenter)]).toEqual([...logitsOf(segmenter)]);
      segmenter.network.dispose();
      bundle.segmenter.network.dispose();
    },
  );
});

describe('writeBundle', () => {
  test('replaces a bundle, and leaves nothing beside it', async () => {
    const path = join(folder, 'bundle');
    await writeBundle(path, bundleParts(small));
    const other = await smallSegmenter(2);
    await writeBundle(path, bundleParts(other));
    expect(await readdir(folder)).toEqual(['bundle']);
    const bundle = await readBundle(path);
    expect([...logitsOf(bundle.segmenter)]).toEqual([...logitsOf(other.segmenter)]);
    other.segmenter.network.dispose();
    bundle.segmenter.network.dispose();
  });

  test('leaves a folder that is no bundle alone', async () => {
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await expect(writeBundle(folder, bundleParts(small))).rejects.toMatchObject({ code: 'not-a-bundle' });
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  test('refuses what could not be read back, before anything is written', async () => {
    const path = join(folder, 'bundle');
    const parts = bundleParts(small);
    await expect(writeBundle(path, { ...parts, conceptSet: null })).rejects.toThrow(/sha256.concepts.json/);
    const training = { ...parts.training, validationDsc: { liver: 1.5 } };
    await expect(writeBundle(path, { ...parts, training })).rejects.toThrow(/training.validationDsc.liver/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('names a folder that cannot be written, and keeps the old bundle', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeBundle(join(folder, 'file', 'bundle'), bundleParts(small))).rejects.toMatchObject({
      code: 'unwritable-bundle',
      kind: 'resource',
      message: expect.stringContaining(join(folder, 'file', 'bundle')),
    });
    if (process.getuid?.() === 0) return;
    const path = join(folder, 'kept', 'bundle');
    await mkdir(join(folder, 'kept'));
    await writeBundle(path, bundleParts(small));
    await chmod(join(folder, 'kept'), 0o500);
    await expect(writeBundle(path, bundleParts(small))).rejects.toMatchObject({ code: 'unwritable-bundle' });
    await chmod(join(folder, 'kept'), 0o700);
    expect((await readdir(path)).length).toBe(3);
  });
});

describe('readBundle refuses', () => {
  beforeEach(async () => {
    await writeBundle(join(folder, 'bundle'), bundleParts(small));
  });

  const read = () => readBundle(join(folder, 'bundle'));

  test('a folder that is no bundle', async () => {
    expect((await readBundleManifest(join(folder, 'bundle'))).config).toEqual(small.segmenter.config);
    await expect(readBundleManifest(folder)).rejects.toMatchObject({ code: 'bundle-missing' });
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'bundle-missing', kind: 'data' });
    await expect(readBundle(join(folder, 'nowhere'))).rejects.toThrow(/nowhere: is no bundle/);
  });

  test('weights whose bytes changed, or that are gone', async () => {
    const path = join(folder, 'bundle', 'model.safetensors');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await writeFile(path, bytes);
    await expect(read()).rejects.toMatchObject({
      code: 'bundle-hash',
      message: expect.stringContaining(path),
    });
    await rm(path);
    await expect(read()).rejects.toMatchObject({
      code: 'bundle-file-missing',
      message: expect.stringContaining(path),
    });
  });

  test('concepts that were edited', async () => {
    await edit('concepts.json', (text) => text.replace('hippocampus', 'Hippocampus'));
    await expect(read()).rejects.toThrow(/concepts.json: its SHA-256/);
  });

  test('a manifest whose parts do not belong together', async () => {
    await edit('segmenter.json', (text) => text.replace('"MRI"', '"T1", "T2"'));
    await expect(read()).rejects.toThrow(/segmenter.json: modality: must name as many channels/);
    await edit('segmenter.json', (text) =>
      text.replace('"T1", "T2"', '"MRI"').replace(/,\s*"concepts.json": "[0-9a-f]+"/, ''),
    );
    await expect(read()).rejects.toThrow(/segmenter.json: sha256.concepts.json: must be there/);
  });

  test('a manifest with an unknown key, of another version, or cut off', async () => {
    await edit('segmenter.json', (text) => text.replace('"seed"', '"sead"'));
    await expect(read()).rejects.toThrow(/segmenter.json: training/);
    await edit('segmenter.json', (text) =>
      text.replace('"sead"', '"seed"').replace('"version": 1', '"version": 2'),
    );
    await expect(read()).rejects.toThrow(/segmenter.json: version/);
    await edit('segmenter.json', (text) => text.slice(0, 100));
    await expect(read()).rejects.toMatchObject({ code: 'bad-json' });
  });

  test('an unknown backbone, by its name', async () => {
    await edit('segmenter.json', (text) => text.replace('"name": "unet"', '"name": "vnet"'));
    await expect(read()).rejects.toThrow(/config.backbone.*'vnet'.*unet/);
  });

  test('a network that its small file of weights cannot be, before a tensor of it is made', async () => {
    await edit('segmenter.json', (text) => text.replace('"positions": ', '"positions": 1000000'));
    const before = tf.memory().numTensors;
    await expect(read()).rejects.toMatchObject({
      code: 'too-many-parameters',
      message: expect.stringMatching(
        /segmenter.json: the network has at least \d+ parameters, expected at most \d+/,
      ),
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('texts that the text encoder cannot hold', async () => {
    await edit('segmenter.json', (text) =>
      text.replace('"maxSentenceTokens": 192', '"maxSentenceTokens": 20'),
    );
    await expect(read()).rejects.toThrow(/segmenter.json: text .* expected at most 20/);
  });

  test('weights of another network, and leaves no tensor behind', async () => {
    await edit('segmenter.json', (text) => text.replace('"residualUnits": 1', '"residualUnits": 2'));
    const before = tf.memory().numTensors;
    await expect(read()).rejects.toMatchObject({
      code: 'state-mismatch',
      message: expect.stringContaining(join(folder, 'bundle', 'model.safetensors')),
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
