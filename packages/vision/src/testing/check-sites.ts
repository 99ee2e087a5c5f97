import { evaluation, RandomStream, randomUniform } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, Meet } from '../coupling.js';
import {
  largestDifference,
  numbersOf,
  outputsOf,
  runWithMeet,
  type Sides,
  type Subject,
  unless,
} from './subject.js';

/** `meet` is called once a site, in order, with the published channels and extent; the state goes through; bottleneck and skips are as published. */
export async function checkSites(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const names = network.encoder.sites.map(({ name }) => name);
    return [
      ...unless(names.length > 0, 'the encoder publishes no site'),
      ...unless(new Set(names).size === names.length, `names of sites come twice: ${names.join(', ')}`),
      ...subject.claim.sides.flatMap((sides) => meetingsAt(subject, network, sides)),
    ];
  });
}

function meetingsAt(subject: Subject, network: Backbone, sides: Sides): string[] {
  return tf.tidy(() => {
    const { encoder } = network;
    const seen: string[] = [];
    const meet: Meet<{ count: tf.Tensor }> = (site, features, { count }) => {
      seen.push(`${site}: [${features.shape}]`);
      return { features, state: { count: tf.add(count, 1) } };
    };
    const start = { count: tf.scalar(10) as tf.Tensor };
    const { pyramid, state } = encoder.encode(subject.image(sides), evaluation(), start, meet);
    const published = encoder.sites.map(
      (site, index) => `${index}: [${[1, ...site.extent(sides), site.channels]}]`,
    );
    const bottleneck = [1, ...encoder.bottleneckExtent(sides), encoder.bottleneckChannels];
    const skipChannels = pyramid.skips.map(({ shape }) => shape.at(-1));
    const count = (state.count.dataSync()[0] as number) - 10;
    return [
      ...unless(
        seen.join() === published.join(),
        `for [${sides}] meetings are ${seen.join(', ') || 'none'}, published are ${published.join(', ')}`,
      ),
      ...unless(count === encoder.sites.length, `for [${sides}] the state went through ${count} meetings`),
      ...unless(
        String(pyramid.bottleneck.shape) === String(bottleneck),
        `for [${sides}] the bottleneck is [${pyramid.bottleneck.shape}], published is [${bottleneck}]`,
      ),
      ...unless(
        encoder.skipChannels === undefined || String(encoder.skipChannels) === String(skipChannels),
        `for [${sides}] the skips have ${skipChannels} channels, published are ${encoder.skipChannels}`,
      ),
    ];
  });
}

/** A meeting that changes nothing leaves the logits as they are; a change at any one site reaches them. */
export async function checkInfluence(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const image = subject.image();
    const plain = outputsOf(network.forward(image, evaluation()));
    const [reference] = await numbersOf(plain);
    const none = await logitsWithChange(network, image, undefined);
    const problems = unless(
      largestDifference(none, reference as Float32Array) === 0,
      'a meeting that changes nothing changes the logits',
    );
    for (const [site, { name }] of network.encoder.sites.entries()) {
      const changed = await logitsWithChange(network, image, site);
      problems.push(
        ...unless(
          largestDifference(changed, none) > 0,
          `a change at site ${site} (${name}) does not reach the logits`,
        ),
      );
    }
    image.dispose();
    return problems;
  });
}

/** Noise as large as the features themselves, so that no normalisation takes it away. */
async function logitsWithChange(
  network: Backbone,
  image: tf.Tensor,
  at: number | undefined,
): Promise<Float32Array> {
  const logits = tf.tidy(() => {
    const meet: Meet<tf.NamedTensorMap> = (site, features, state) => {
      if (site !== at) return { features, state };
      const size = tf.add(tf.mean(tf.abs(features)), 1);
      return {
        features: tf.add(features, tf.mul(randomUniform(features.shape, new RandomStream(site)), size)),
        state,
      };
    };
    return runWithMeet(network, image, evaluation(), {}, meet).prediction.logits;
  });
  const [numbers] = await numbersOf([logits]);
  return numbers as Float32Array;
}
