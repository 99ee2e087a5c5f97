import { conceptStrings, loadConceptSet, sentenceStrings } from '@bipvl/concepts';
import { loadEngine } from '@bipvl/engine';
import { AdamW, RandomStream, training, variableGradients } from '@bipvl/nn';
import { generatePhantom, orient, PHANTOM_LABELS } from '@bipvl/preprocess';
import { buildVocabulary, createTokenizer, type Tokenizer } from '@bipvl/text-encoder';
import { createBackbone, listBackbones } from '@bipvl/vision';
import { smallBackbones } from '@bipvl/vision/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BiPVLSegConfig } from '../config.js';
import { parseSegmenterConfig } from '../config-schema.js';
import { createSegmenter } from '../create-segmenter.js';
import type { Batch } from '../segmenter.js';
import { tokeniseConcepts } from '../text/text-inputs.js';

// BiPVL-Seg on every backbone of the registry: a short training on one synthetic patient, with his organs described in words.

const steps = 12;
const concepts = loadConceptSet('phantom');
let tokenizer: Tokenizer;

beforeAll(async () => {
  await loadEngine();
  tokenizer = await createTokenizer(
    await buildVocabulary([...sentenceStrings(concepts), ...conceptStrings(concepts).flat()]),
  );
});

type Name = keyof typeof smallBackbones;

/** The small form of a backbone with a text encoder of one layer a site. */
function configOf(name: Name): BiPVLSegConfig {
  const { settings, sides } = smallBackbones[name];
  const sites = siteCount(name);
  const layers = Array.from({ length: sites }, () => 1);
  return parseSegmenterConfig({
    method: 'bipvl-seg',
    image: { patch: sides },
    labels: PHANTOM_LABELS.slice(1),
    backbone: settings,
    text: { width: 8, layers: sites, heads: 2, intermediate: 16, stages: layers, positions: 192 },
    fusion: { heads: 2, hidden: 16, window: 2 },
    alignment: { width: 8 },
  }) as BiPVLSegConfig;
}

function siteCount(name: Name): number {
  const { settings, sides } = smallBackbones[name];
  const { name: _, ...options } = settings;
  const data = { inputChannels: 1, outputChannels: 2, imageSides: sides };
  const network = createBackbone(name, { ...options, ...data } as never, new RandomStream(1));
  const sites = network.encoder.sites.length;
  network.dispose();
  return sites;
}

/** One patient on a grid of these sides, z-scored. */
function patient(sides: readonly number[]): Batch {
  const shape = sides as [number, number, number];
  const spacing = shape.map((side) => 320 / side) as [number, number, number];
  const [scan] = [...generatePhantom({ cases: 1, shape, spacing })];
  if (scan === undefined) throw new TypeError('the phantom has one patient');
  const [image, label] = [orient(scan.image, 'RAS'), orient(scan.label, 'RAS')];
  return tf.tidy(() => {
    const values = tf.tensor(Float32Array.from(image.data), [1, ...image.shape, 1]);
    const { mean, variance } = tf.moments(values);
    return {
      image: tf.div(tf.sub(values, mean), tf.sqrt(variance)) as tf.Tensor5D,
      labels: tf.tensor(Int32Array.from(label.data), [1, ...label.shape], 'int32') as tf.Tensor4D,
    };
  });
}

describe('BiPVL-Seg on every backbone', () => {
  test.each(listBackbones())('%s learns a patient, and every parameter gets a gradient', (name) => {
    const config = configOf(name);
    const texts = tokeniseConcepts(concepts, config.labels, tokenizer, config.text);
    const segmenter = createSegmenter(config, { seed: 1, texts, vocabulary: tokenizer.vocabularySize });
    const batch = patient(config.image.patch);
    const parameters = segmenter.network.parameters();
    const optimiser = new AdamW(parameters, { weightDecay: 1e-5 });
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const objective = () => segmenter.losses(batch, training(1, step)).total;
      const { value, gradients } = variableGradients(objective, parameters);
      expect([...gradients.keys()]).toEqual([...parameters.keys()]);
      optimiser.step(gradients, 3e-3);
      losses.push(value.dataSync()[0] as number);
      tf.dispose([value, ...gradients.values()]);
    }
    const [first, last] = [mean(losses.slice(0, 3)), mean(losses.slice(-3))];
    expect(last, `losses ${losses.map((loss) => loss.toFixed(3))}`).toBeLessThan(first - 0.05);
    optimiser.dispose();
    segmenter.network.dispose();
    tf.dispose([batch.image, batch.labels]);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
