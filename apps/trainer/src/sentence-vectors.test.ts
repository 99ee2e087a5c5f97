import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderTexts, loadConceptSet } from '@bipvl/concepts';
import { loadEngine } from '@bipvl/engine';
import { readBundle } from '@bipvl/segmenter/node';
import { buildVocabulary } from '@bipvl/text-encoder';
import { loadOnnxSentences, writeTokenizer } from '@bipvl/text-encoder/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { TrainEvent } from './loop/train-event.js';
import { temporaryFolder, tinyConfig, tinyPhantom } from './tiny-run.test-support.js';
import { train } from './train.js';

/** Of onnx.helper (onnx 1.x, opset 13): last_hidden_state [M, L, 4] = sin(input_ids * [0.1, 0.2, 0.3, 0.5]). */
const sineOfIds =
  'CAg6iQIKHwoJaW5wdXRfaWRzEgFmIgRDYXN0KgkKAnRvGAGgAQIKFQoBZgoCYXgSAXUiCVVuc3F1ZWV6ZQoOCgF1CgF3EgF4IgNNdWwKGwoBeBIRbGFzdF9oaWRkZW5fc3RhdGUiA1NpbhIBZyoSCAEQB0ICYXhKCAIAAAAAAAAAKh0IAQgBCAQQAUIBd0oQzczMPc3MTD6amZk+AAAAP1odCglpbnB1dF9pZHMSEAoOCAcSCgoDEgFiCgMSAWxaIgoOYXR0ZW50aW9uX21hc2sSEAoOCAcSCgoDEgFiCgMSAWxiKQoRbGFzdF9oaWRkZW5fc3RhdGUSFAoSCAESDgoDEgFiCgMSAWwKAggEQgQKABAN';

let folder: string;
let data: string;
let model: string;

beforeAll(async () => {
  await loadEngine();
  folder = await temporaryFolder();
  vi.stubEnv('BIPVL_CACHE', join(folder, 'cache'));
  data = await tinyPhantom(folder);
  model = join(folder, 'model');
  const { sentences, concepts } = encoderTexts(loadConceptSet('phantom'));
  await mkdir(model);
  await writeTokenizer(model, await buildVocabulary([...sentences, ...concepts.flat()]));
  await writeFile(join(model, 'model.onnx'), Buffer.from(sineOfIds, 'base64'));
});

const overrides = () => [`segmenter.text.pretrained=${model}`, 'segmenter.text.encoder=sentences', 'steps=2'];

describe('a run with text.encoder: sentences', () => {
  it('reads each text as the vector of the model, which never learns', async () => {
    const events: TrainEvent[] = [];
    const config = tinyConfig(data, overrides());
    const { bundle } = await train({
      config,
      out: join(folder, 'run'),
      onEvent: (event) => events.push(event),
    });
    const { segmenter, tokenizer, conceptSet } = await readBundle(bundle ?? '');
    expect(tokenizer).toBeNull();
    expect(segmenter.config).toMatchObject({ text: { encoder: 'sentences', width: 4, stages: [1, 1] } });
    expect(events).toContainEqual({
      type: 'notice',
      message: expect.stringMatching(/has width 4, which replaces/),
    });
    const { sentences } = encoderTexts(conceptSet ?? loadConceptSet('phantom'));
    const [first] = await (await loadOnnxSentences(model)).encode(sentences.slice(0, 1));
    const table = segmenter.network.state().get('textEncoder.vectors.weight') as tf.Variable;
    expect([...tf.slice(table, 0, 1).dataSync()]).toEqual([...(first ?? [])]);
    const image = tf.zeros([1, 16, 16, 16, 1]) as tf.Tensor5D;
    expect(segmenter.openPredictor().predict(image).dataSync().every(Number.isFinite)).toBe(true);
  });

  it('keeps the vectors in the cache, and goes on from a checkpoint', async () => {
    expect(await readdir(join(folder, 'cache', 'sentences'))).toHaveLength(1);
    const result = await train({
      config: tinyConfig(data, overrides()),
      out: join(folder, 'run'),
      resume: true,
    });
    expect(result).toMatchObject({ status: 'finished', step: 2 });
    expect(await readdir(join(folder, 'cache', 'sentences'))).toHaveLength(1);
  });

  it('needs a model', () => {
    expect(() => tinyConfig(data, ['segmenter.text.encoder=sentences'])).toThrow(
      /'sentences' needs text.pretrained/,
    );
  });
});
