import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderTexts, loadConceptSet } from '@bipvl/concepts';
import { cacheFolder, loadEngine } from '@bipvl/engine';
import { RandomStream } from '@bipvl/nn';
import { saveCheckpoint } from '@bipvl/nn/node';
import { readBundle } from '@bipvl/segmenter/node';
import { Bert, buildVocabulary, createTokenizer, huggingFaceBert } from '@bipvl/text-encoder';
import { writeTokenizer } from '@bipvl/text-encoder/node';
import type * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TrainEvent } from './loop/train-event.js';
import { preview } from './preview.js';
import { readRunConfig } from './run-folder/stored-config.js';
import { temporaryFolder, tinyConfig, tinyPhantom } from './tiny-run.test-support.js';
import { train } from './train.js';

let folder: string;
let data: string;
let model: string;
/** Weights of the published encoder by our names. */
let published: Map<string, number[]>;

beforeAll(async () => {
  await loadEngine();
  folder = await temporaryFolder();
  vi.stubEnv('BIPVL_CACHE', join(folder, 'cache'));
  data = await tinyPhantom(folder);
  model = join(folder, 'model');
  await publish(model);
});

afterAll(() => {
  vi.unstubAllEnvs();
});

/** A folder as transformers would save it: width 8 and three layers, other than the configurations of the tests say. */
async function publish(into: string): Promise<void> {
  const { sentences, concepts } = encoderTexts(loadConceptSet('phantom'));
  const definition = await buildVocabulary([...sentences, ...concepts.flat()]);
  const { vocabularySize } = await createTokenizer(definition);
  const sizes = {
    vocabulary: vocabularySize + 3,
    width: 8,
    layers: 3,
    heads: 2,
    intermediate: 12,
    positions: 200,
  };
  const bert = new Bert({ ...sizes, stages: [3] }, new RandomStream(9));
  await mkdir(into);
  await writeTokenizer(into, definition);
  await saveCheckpoint(bert, join(into, 'model.safetensors'), { table: huggingFaceBert });
  const config = {
    model_type: 'bert',
    vocab_size: sizes.vocabulary,
    hidden_size: 8,
    num_hidden_layers: 3,
    num_attention_heads: 2,
    intermediate_size: 12,
    max_position_embeddings: 200,
  };
  await writeFile(join(into, 'config.json'), JSON.stringify(config));
  published = weightsOf(bert);
}

function weightsOf(module: { state(): Map<string, tf.Variable> }, prefix = ''): Map<string, number[]> {
  const own = [...module.state()].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, value]) => [name.slice(prefix.length), [...value.dataSync()]]));
}

async function trained(
  name: string,
  ...overrides: string[]
): Promise<{ out: string; text: Map<string, number[]>; events: TrainEvent[] }> {
  const events: TrainEvent[] = [];
  const config = tinyConfig(data, [`segmenter.text.pretrained=${model}`, 'steps=2', ...overrides]);
  const out = join(folder, name);
  const { bundle } = await train({ config, out, onEvent: (event) => events.push(event) });
  const { segmenter, tokenizer } = await readBundle(bundle ?? '');
  expect(tokenizer?.vocabularySize).toBe((published.get('words.weight')?.length ?? 0) / 8 - 3);
  return { out, text: weightsOf(segmenter.network, 'textEncoder.'), events };
}

function largestChange(text: Map<string, number[]>): number {
  expect([...text.keys()]).toEqual([...published.keys()]);
  return Math.max(
    ...[...text].flatMap(([name, values]) =>
      values.map((value, i) => Math.abs(value - (published.get(name)?.[i] ?? Number.NaN))),
    ),
  );
}

describe('a run with text.pretrained', () => {
  it('begins from the published weights, with their sizes, and says so', async () => {
    const { out, text, events } = await trained('trainable');
    // Two steps at a learning rate of 1e-3 move no weight further than a little over 2e-3; random ones would lie much further off.
    expect(largestChange(text)).toBeGreaterThan(1e-4);
    expect(largestChange(text)).toBeLessThan(3e-3);
    const { segmenter } = await readRunConfig(out);
    expect(segmenter).toMatchObject({
      text: { width: 8, layers: 3, stages: [2, 1], positions: 200, pretrained: model },
    });
    expect(events).toContainEqual({
      type: 'notice',
      message: expect.stringMatching(/has .*width 8, layers 3.*which replaces/),
    });
  });

  it('leaves them as they are where frozen', async () => {
    const { text, events } = await trained('frozen', 'segmenter.text.frozen=true');
    expect(largestChange(text)).toBe(0);
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.losses] : []));
    expect(losses).toHaveLength(2);
  });

  it('keeps the states of a frozen one for the next run', async () => {
    const states = join(cacheFolder(), 'states');
    const kept = await readdir(states);
    expect(kept).toHaveLength(2);
    const read = vi.spyOn(Bert.prototype, 'embed');
    const { events } = await trained('frozen again', 'segmenter.text.frozen=true', 'seed=7');
    // The bundle's own network reads its texts for the validation; a training that computed them would read the concepts too.
    expect(read.mock.calls.map(([ids]) => ids.shape[0])).not.toContain(30);
    expect(events.some(({ type }) => type === 'step')).toBe(true);
    expect(await readdir(states)).toEqual(kept);
  });

  it('goes on from its checkpoint with the same configuration', async () => {
    const config = tinyConfig(data, [
      `segmenter.text.pretrained=${model}`,
      'steps=2',
      'segmenter.text.frozen=true',
    ]);
    const result = await train({ config, out: join(folder, 'frozen'), resume: true });
    expect(result).toMatchObject({ status: 'finished', step: 2 });
  });

  it('is refused where the model is not there, before anything is computed', async () => {
    const config = tinyConfig(data, ['segmenter.text.pretrained=./no/such/model']);
    await expect(preview(config)).rejects.toMatchObject({ code: 'bad-model-id' });
    expect(() => tinyConfig(data, ['segmenter.text.frozen=true'])).toThrow(/needs text.pretrained/);
  });
});
