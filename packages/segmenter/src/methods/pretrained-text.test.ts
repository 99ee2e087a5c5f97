import { loadConceptSet } from '@bipvl/concepts';
import { loadEngine } from '@bipvl/engine';
import {
  decodeSafetensors,
  evaluation,
  RandomStream,
  type StoredTensor,
  tensorsToSafetensors,
  training,
  unmapState,
  variableGradients,
} from '@bipvl/nn';
import {
  Bert,
  buildVocabulary,
  createTokenizer,
  huggingFaceBert,
  type TensorStore,
} from '@bipvl/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { smallConfig } from '../__fixtures__/small-segmenters.js';
import type { BiPVLSegConfig } from '../config.js';
import { parseSegmenterConfig } from '../config-schema.js';
import { createSegmenter } from '../create-segmenter.js';
import { rememberTexts } from '../remember-texts.js';
import type { Segmenter } from '../segmenter.js';
import { type TextInputs, tokeniseConcepts } from '../text/text-inputs.js';

let texts: TextInputs;
let vocabulary: number;
let textWeights: Map<string, StoredTensor>;
let published: Bert;

beforeAll(async () => {
  await loadEngine();
  const set = loadConceptSet('msd-hippocampus');
  const words = set.classes.flatMap(({ concepts }) => Object.values(concepts).map(String));
  const tokenizer = await createTokenizer(await buildVocabulary(words));
  const config = pretrained();
  texts = tokeniseConcepts(set, config.labels, tokenizer, config.text);
  vocabulary = tokenizer.vocabularySize;
  published = new Bert({ ...config.text, vocabulary }, new RandomStream(8));
  textWeights = await stored(published);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function stored(bert: Bert): Promise<Map<string, StoredTensor>> {
  return decodeSafetensors(await tensorsToSafetensors(unmapState(bert.state(), huggingFaceBert))).tensors;
}

function pretrained(frozen = false): BiPVLSegConfig {
  const config = smallConfig() as BiPVLSegConfig;
  const text = { ...config.text, pretrained: 'lab/bert', frozen };
  return parseSegmenterConfig({ ...config, text }) as BiPVLSegConfig;
}

function segmenter(frozen: boolean): Segmenter {
  return createSegmenter(pretrained(frozen), { seed: 1, texts, vocabulary, textWeights });
}

/** So many images of noise, and labels. */
function batch(images: number) {
  return {
    image: tf.randomNormal([images, 16, 16, 16, 1], 0, 1, 'float32', 3) as tf.Tensor5D,
    labels: tf.cast(tf.randomUniform([images, 16, 16, 16], 0, 3, 'float32', 4), 'int32') as tf.Tensor4D,
  };
}

describe('text.pretrained', () => {
  test('begins with the published weights', () => {
    const { network } = segmenter(false);
    for (const [name, value] of published.state()) {
      expect(network.state().get(`textEncoder.${name}`)?.dataSync(), name).toEqual(value.dataSync());
    }
  });

  test('without weights, or with those of another network, is refused, and no tensor stays behind', async () => {
    const { width: _width, ...sizes } = pretrained().text;
    const other = await stored(new Bert({ ...sizes, width: 4, vocabulary }, new RandomStream(1)));
    const before = tf.memory().numTensors;
    const create = (weights?: Map<string, StoredTensor>) =>
      createSegmenter(pretrained(), { seed: 1, texts, vocabulary, ...(weights && { textWeights: weights }) });
    expect(create).toThrow(expect.objectContaining({ code: 'no-text-weights' }));
    expect(() => create(other)).toThrow(/words\.weight of shape \[\d+,4\], expected \[\d+,8\]/);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a table of words may be longer than the tokenizer needs', () => {
    const config = pretrained();
    const longer = { ...config, text: { ...config.text, pretrained: null, vocabulary: vocabulary + 5 } };
    const { network } = createSegmenter(longer, { seed: 1, texts, vocabulary });
    expect(network.state().get('textEncoder.words.weight')?.shape).toEqual([vocabulary + 5, 8]);
  });
});

describe('text.frozen', () => {
  test('trains everything but the text encoder, the fusions that read it included', () => {
    const frozen = segmenter(true);
    const parameters = frozen.network.parameters();
    expect([...parameters.keys()].filter((name) => name.startsWith('textEncoder.'))).toEqual([]);
    expect([...frozen.network.state().keys()]).toEqual([...segmenter(false).network.state().keys()]);
    const { gradients } = variableGradients(() => frozen.losses(batch(1), training(1, 0)).total, parameters);
    expect([...gradients.keys()]).toEqual([...parameters.keys()]);
  });

  test('computes what an encoder that may learn computes in evaluation', () => {
    const [frozen, free] = [segmenter(true), segmenter(false)];
    const { image } = batch(2);
    const [ours, theirs] = [frozen, free].map((each) => each.openPredictor().predict(image).dataSync());
    expect(ours).toEqual(theirs);
    // With dropout the losses of two steps differ in a free encoder; these differ by the noise of the alignment alone, which a step draws.
    const parts = (seed: number) =>
      frozen.losses(batch(1), training(seed, 0)).parts['segmentation']?.dataSync()[0];
    expect(parts(1)).toBe(parts(2));
  });

  test('reads each stream once, whatever the steps', () => {
    const embed = vi.spyOn(Bert.prototype, 'embed');
    const frozen = segmenter(true);
    for (const step of [0, 1, 2]) tf.tidy(() => void frozen.losses(batch(1), training(1, step)));
    expect(embed).toHaveBeenCalledTimes(2);
  });

  test('reads them again for other texts and other weights', () => {
    const frozen = segmenter(true);
    const { image } = batch(1);
    const predicted = (own: TextInputs = texts) => frozen.openPredictor(own).predict(image).dataSync();
    const first = predicted();
    const [a = [], b = []] = texts.sentences.ids;
    const swapped = {
      ...texts,
      sentences: { ...texts.sentences, ids: [a.map((id, i) => (i === 1 ? (b[2] ?? id) : id)), b] },
    };
    expect(predicted(swapped)).not.toEqual(first);
    expect(predicted()).toEqual(first);
    const words = frozen.network.state().get('textEncoder.words.weight') as tf.Variable;
    words.assign(tf.mul(words, 3));
    expect(predicted()).not.toEqual(first);
  });

  test('finds in a store what another run has kept there, under weights and texts', async () => {
    const embed = vi.spyOn(Bert.prototype, 'embed');
    const kept = new Map<string, StoredTensor>();
    const store: TensorStore = {
      recall: async (key) => kept.get(key),
      keep: async (key, tensor) => void kept.set(key, tensor),
    };
    const loss = async (encoderId: string): Promise<number | undefined> => {
      const frozen = segmenter(true);
      await rememberTexts(frozen, { encoderId, store });
      const before = tf.memory().numTensors;
      const value = tf.tidy(() => frozen.losses(batch(1), training(1, 0)).total.dataSync()[0]);
      expect(tf.memory().numTensors).toBe(before);
      return value;
    };
    const computed = await loss('one model');
    expect([kept.size, embed.mock.calls.length]).toEqual([2, 2]);
    expect(await loss('one model')).toBe(computed);
    expect(embed).toHaveBeenCalledTimes(2);
    await loss('another model');
    expect([kept.size, embed.mock.calls.length]).toEqual([4, 4]);
    for (const [key, tensor] of kept) kept.set(key, { ...tensor, shape: [tensor.data.length] });
    expect(await loss('one model')).toBe(computed);
    await rememberTexts(segmenter(false), { encoderId: 'one that learns', store });
    expect(kept.size).toBe(4);
  });

  test('frees what it has kept with the network', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const frozen = segmenter(true);
      frozen.losses(batch(1), training(1, 0));
      frozen.network.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a step', () => {
  test('reads sentences and concepts once, not once an image', () => {
    const embed = vi.spyOn(Bert.prototype, 'embed');
    const free = segmenter(false);
    tf.tidy(() => void free.losses(batch(3), training(1, 0)));
    expect(embed.mock.calls.map(([ids]) => ids.shape[0])).toEqual([2, 12]);
  });

  test('evaluates without dropout', () => {
    const free = segmenter(false);
    const loss = () => free.losses(batch(1), evaluation()).total.dataSync()[0];
    expect(loss()).toBe(loss());
  });
});
