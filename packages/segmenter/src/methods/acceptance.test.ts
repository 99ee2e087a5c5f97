import { conceptStrings, loadConceptSet, sentenceStrings, swapConceptSet } from '@bipvl/concepts';
import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, type TextState, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import { buildVocabulary, classTokens, createTokenizer } from '@bipvl/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BiPVLSegConfig } from '../config.js';
import { parseSegmenterConfig } from '../config-schema.js';
import { createSegmenter } from '../create-segmenter.js';
import type { Batch } from '../segmenter.js';
import { type TextInputs, tokeniseConcepts } from '../text/text-inputs.js';
import { BiPVLSeg } from './bipvl-seg.js';
import { BiPVLSegNetwork } from './bipvl-seg-network.js';

// The acceptance tests of the method that a small network can show: gradient routing, registration, text sensitivity, batch invariance.

const patch = [32, 32, 16] as const;
let config: BiPVLSegConfig;
let texts: TextInputs;
let foreign: TextInputs;
let swapped: TextInputs;
let vocabulary: number;

beforeAll(async () => {
  await loadEngine();
  config = small();
  const [set, other] = [loadConceptSet('msd-hippocampus'), loadConceptSet('phantom')];
  const spoken = [set, other].flatMap((each) => [...sentenceStrings(each), ...conceptStrings(each).flat()]);
  const tokenizer = await createTokenizer(await buildVocabulary(spoken));
  vocabulary = tokenizer.vocabularySize;
  texts = tokeniseConcepts(set, config.labels, tokenizer, config.text);
  swapped = tokeniseConcepts(swapConceptSet(set, [1, 0]), config.labels, tokenizer, config.text);
  const halfForeign = {
    ...set,
    classes: set.classes.map((each, i) =>
      i === 0 ? each : { ...each, concepts: other.classes[0]?.concepts ?? each.concepts },
    ),
  };
  foreign = tokeniseConcepts(halfForeign, config.labels, tokenizer, config.text);
});

function small(changes: Record<string, unknown> = {}): BiPVLSegConfig {
  return parseSegmenterConfig({
    method: 'bipvl-seg',
    image: { patch },
    labels: [
      { id: 1, name: 'anterior' },
      { id: 2, name: 'posterior' },
    ],
    backbone: { name: 'unet', channels: [4, 8, 8, 8, 16], strides: [2, 2, 2, 1], head: 'convolution' },
    text: { width: 16, layers: 5, heads: 2, intermediate: 32, stages: [2, 1, 1, 1], positions: 192 },
    fusion: { heads: 2, hidden: 16, window: 2 },
    alignment: { width: 8 },
    ...changes,
  }) as BiPVLSegConfig;
}

function batch(images: number, seed = 1): Batch {
  const image = tf.randomNormal([images, ...patch, 1], 0, 1, 'float32', seed) as tf.Tensor5D;
  return { image, labels: tf.cast(tf.greater(tf.squeeze(image, [4]), 0.5), 'int32') as tf.Tensor4D };
}

/** Names of the parameters that get a gradient other than zero from one part of the objective. */
function moved(part: string): Set<string> {
  const segmenter = createSegmenter(config, { seed: 1, texts, vocabulary });
  const parameters = segmenter.network.parameters();
  const given = batch(2);
  const objective = () => segmenter.losses(given, evaluation()).parts[part] as tf.Scalar;
  const { grads } = tf.variableGrads(objective, [...parameters.values()]);
  const names = [...parameters].filter(([, variable]) => {
    const gradient = grads[variable.name];
    return gradient !== undefined && tf.max(tf.abs(gradient)).dataSync()[0] !== 0;
  });
  return new Set(names.map(([name]) => name));
}

const some = (names: Set<string>, prefix: string): boolean =>
  [...names].some((name) => name.startsWith(prefix));

describe('gradient routing', () => {
  test('the class-embedding loss reaches class head and encoder, never the decoder or its head', () => {
    const names = moved('classEmbedding');
    expect(some(names, 'alignment.classHead')).toBe(true);
    expect(some(names, 'backbone.encoder.levels.0')).toBe(true);
    expect(some(names, 'backbone.decoder')).toBe(false);
    expect(some(names, 'backbone.head')).toBe(false);
  });

  for (const part of ['globalAlignment', 'localAlignment']) {
    test(`the ${part} loss reaches the text encoder, the class head, the projections and the encoder, never the decoder`, () => {
      const names = moved(part);
      for (let layer = 0; layer < 5; layer++)
        expect(some(names, `textEncoder.layers.${layer}.`), `layer ${layer}`).toBe(true);
      for (const prefix of [
        'alignment.classHead',
        'alignment.projections.vision',
        'alignment.projections.text',
        'backbone.encoder',
      ]) {
        expect(some(names, prefix), prefix).toBe(true);
      }
      expect(some(names, 'backbone.decoder')).toBe(false);
    });
  }

  test('the segmentation loss reaches every layer of the text encoder and every BiFusion', () => {
    const names = moved('segmentation');
    for (let layer = 0; layer < 5; layer++)
      expect(some(names, `textEncoder.layers.${layer}.`), `layer ${layer}`).toBe(true);
    for (let site = 0; site < 4; site++) {
      for (const module of [
        'textSelfAttention',
        'textFromVision',
        'visionFromText',
        'textMlp',
        'visionMlp',
        'visionSelfAttention',
      ]) {
        expect(some(names, `fusions.${site}.${module}`), `fusions.${site}.${module}`).toBe(true);
      }
    }
    expect(some(names, 'alignment')).toBe(false);
  });
});

describe('registration', () => {
  test('every tensor made is a named parameter, and the full objective gives every one a gradient', () => {
    const before = tf.memory().numTensors;
    const segmenter = createSegmenter(config, { seed: 1, texts, vocabulary });
    const parameters = segmenter.network.parameters();
    expect(parameters.size).toBe(tf.memory().numTensors - before);
    for (let site = 0; site < 4; site++)
      expect(some(new Set(parameters.keys()), `fusions.${site}.visionMlp.expand.weight`)).toBe(true);
    const given = batch(1);
    const { grads } = tf.variableGrads(
      () => segmenter.losses(given, training(1, 0)).total,
      [...parameters.values()],
    );
    expect(
      [...parameters].filter(([, variable]) => grads[variable.name] === undefined).map(([name]) => name),
    ).toEqual([]);
  });

  test('the same seed gives the same weights, another seed others', () => {
    const weights = (seed: number) =>
      [...createSegmenter(config, { seed, texts, vocabulary }).network.state().values()].map((tensor) => [
        ...tensor.dataSync(),
      ]);
    expect(weights(3)).toEqual(weights(3));
    expect(weights(4)).not.toEqual(weights(3));
  });

  test('training and prediction leave no tensor behind', () => {
    const segmenter = createSegmenter(config, { seed: 1, texts, vocabulary });
    const given = batch(1);
    const before = tf.memory().numTensors;
    tf.dispose(segmenter.losses(given, training(1, 0)));
    const predictor = segmenter.openPredictor();
    predictor.predict(given.image).dispose();
    predictor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('text sensitivity', () => {
  const predict = (given: Batch, read: TextInputs): Float32Array => {
    const segmenter = createSegmenter(config, { seed: 1, texts, vocabulary });
    return segmenter.openPredictor(read).predict(given.image).dataSync() as Float32Array;
  };

  test("another text for one class changes the logits; exchanging the classes' texts does not, for fusion sees a set", () => {
    const given = batch(1);
    const plain = predict(given, texts);
    expect(compare(predict(given, swapped), plain, { atol: 1e-4 })).toMatchObject({ verdict: 'equal' });
    expect(compare(predict(given, foreign), plain, { atol: 1e-4 })).toMatchObject({ verdict: 'different' });
  });

  test('exchanging the texts exchanges the concept vectors, and an image changes the fused class tokens only', () => {
    const network = new BiPVLSegNetwork(config, vocabulary, new RandomStream(1));
    const concepts = (read: TextInputs) => network.readConcepts(...tokens(read.concepts), evaluation());
    const [own, other] = [concepts(texts), concepts(swapped)];
    const exchanged = tf.concat([tf.slice(own, [6, 0], [6, 16]), tf.slice(own, [0, 0], [6, 16])]);
    expect(compare(other.dataSync(), exchanged.dataSync(), { atol: 1e-5 })).toMatchObject({
      verdict: 'equal',
    });

    const sentences = network.readSentences(...tokens(texts.sentences), evaluation());
    const fused = (seed: number) =>
      classTokens(
        network.segment(batch(1, seed).image, sentences as TextState, evaluation()).text,
      ).dataSync();
    expect(compare(fused(1), fused(2), { atol: 1e-5 })).toMatchObject({ verdict: 'different' });
  });
});

describe('batches', () => {
  test('two images together are predicted as each alone', () => {
    const given = batch(2);
    const predictor = createSegmenter(config, { seed: 1, texts, vocabulary }).openPredictor();
    const singles = tf.split(given.image, 2).map((image) => predictor.predict(image as tf.Tensor5D));
    const together = predictor.predict(given.image);
    expect(compare(together.dataSync(), tf.concat(singles).dataSync(), { atol: 1e-5 })).toMatchObject({
      verdict: 'equal',
    });
  });
});

describe('the ablations', () => {
  test('late fusion has one BiFusion, none has none; without alignment nothing but the segmentation is trained', () => {
    const late = new BiPVLSeg(
      small({ fusion: { ...config.fusion, mode: 'late' } }),
      texts,
      vocabulary,
      new RandomStream(1),
    );
    expect(some(new Set(late.network.parameters().keys()), 'fusions.3.')).toBe(true);
    expect(some(new Set(late.network.parameters().keys()), 'fusions.0.')).toBe(false);
    const none = new BiPVLSeg(
      small({ fusion: { ...config.fusion, mode: 'none' } }),
      texts,
      vocabulary,
      new RandomStream(1),
    );
    expect(some(new Set(none.network.parameters().keys()), 'fusions.')).toBe(false);
    const unaligned = new BiPVLSeg(small({ alignment: null }), texts, vocabulary, new RandomStream(1));
    expect(unaligned.lossNames).toEqual(['segmentation']);
    expect(some(new Set(unaligned.network.parameters().keys()), 'alignment')).toBe(false);
    for (const segmenter of [late, none, unaligned]) {
      const loss = segmenter.losses(batch(1), training(1, 0)).total.dataSync()[0] as number;
      expect(Number.isFinite(loss)).toBe(true);
    }
  });

  test('a text with another number of stages than the encoder has sites is refused with both counts', () => {
    const uneven = small({ text: { ...config.text, stages: [3, 1, 1] } });
    expect(() => createSegmenter(uneven, { seed: 1, texts, vocabulary })).toThrow(
      /has 4 fusion sites, text.stages \[3,1,1\] has 3/,
    );
  });
});

function tokens({ ids, mask }: TextInputs['sentences']): [tf.Tensor, tf.Tensor] {
  return [
    tf.tensor2d(ids as number[][], undefined, 'int32'),
    tf.tensor2d(mask as number[][], undefined, 'int32'),
  ];
}
