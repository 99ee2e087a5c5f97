import { readFileSync } from 'node:fs';
import { loadEngine } from '@bipvl/engine';
import { buffer, type Context, type NetworkError, parameter, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Backbone, Decoded, Encoder, Meet, Prediction, Pyramid } from '../coupling.js';
import { createTinyNet } from './__fixtures__/tiny-net.js';
import { proveBackbone } from './index.js';

beforeAll(async () => {
  await loadEngine();
});

const options = { inputChannels: 2, outputChannels: 3, channels: [4, 6, 8] };
const claim = {
  inputChannels: 2,
  classes: 3,
  sides: [
    [8, 8, 16],
    [16, 8, 8],
  ],
  illegalSides: [[8, 8, 10]],
};
const sound = (random: RandomStream): Backbone => createTinyNet(options, random);

/** The example of CONTRIBUTING.md is this file, word for word. */
const example = readFileSync(new URL('./__fixtures__/tiny-net.ts', import.meta.url), 'utf8');
const contributing = readFileSync(new URL('../../../../CONTRIBUTING.md', import.meta.url), 'utf8');

test('the example of CONTRIBUTING.md is the backbone proved here, in under 60 lines', () => {
  expect(contributing).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(example.trimEnd().split('\n').length).toBeLessThan(60);
});

describe('proveBackbone', () => {
  test('proves the example with one call, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const results = await proveBackbone(sound, claim);
    expect(tf.memory().numTensors).toBe(before);
    expect(results.length).toBe(11);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(results.map(({ name }) => name)).toContain('a change at any site reaches the logits');
  });

  test('refuses a claim without sides', async () => {
    await expect(proveBackbone(sound, { ...claim, sides: [] })).rejects.toMatchObject({
      code: 'backbone-claim',
    });
  });

  /** One promise broken at a time, and what must be said of it. */
  const broken: readonly [string, (random: RandomStream) => Backbone, RegExp][] = [
    [
      'fewer classes',
      (random) => createTinyNet({ ...options, outputChannels: 2 }, random),
      /logits of \[8,8,16\] in evaluation are \[1,8,8,16,2\], expected \[1,8,8,16,3\]/,
    ],
    [
      'logits that are not finite',
      (random) => withLogits(sound(random), (logits) => tf.div(logits, 0)),
      /not so: logits have the size of the image.*are not finite/,
    ],
    [
      'an error that is not typed',
      (random) =>
        withEncode(sound(random), (image, encode) => {
          if (image.shape[3] === 10) throw new TypeError('no');
          return encode();
        }),
      /sides of \[8,8,10\] are refused by TypeError: no, expected a NetworkError/,
    ],
    [
      'illegal sides that are answered',
      (random) =>
        withEncode(sound(random), (image, encode) => {
          if (image.shape[3] !== 10) return encode();
          return encode(tf.slice(image, [0, 0, 0, 0, 0], [1, 8, 8, 8, 2]));
        }),
      /sides of \[8,8,10\] are neither refused nor answered/,
    ],
    [
      'a site that is not met',
      (random) =>
        withMeet(
          sound(random),
          (meet) => (site, features, state) =>
            site === 1 ? { features, state } : meet(site, features, state),
        ),
      /meetings are 0: \[1,8,8,16,4\], 2: .*published are 0: \[1,8,8,16,4\], 1: /,
    ],
    [
      'other channels than published',
      (random) => withSites(sound(random), { channels: 5 }),
      /published are 0: \[1,8,8,16,5\]/,
    ],
    [
      'another bottleneck than published',
      (random) => withBottleneck(sound(random)),
      /the bottleneck is \[1,2,2,4,8\], published is \[1,2,2,4,9\]/,
    ],
    [
      'other skips than published',
      (random) => {
        const network = sound(random);
        Object.assign(network.encoder, { skipChannels: [4, 8] });
        return network;
      },
      /the skips have 4,6 channels, published are 4,8/,
    ],
    [
      'what meets the features at a site is dropped',
      (random) =>
        withMeet(sound(random), (meet) => (site, features, state) => ({
          ...meet(site, features, state),
          ...(site === 2 ? { features } : {}),
        })),
      /a change at site 2 \(stage 2\) does not reach the logits/,
    ],
    [
      'gradients stop at a site',
      (random) =>
        withMeet(sound(random), (meet) => (site, features, state) => {
          const met = meet(site, features, state);
          return site === 0 ? { ...met, features: stopped(met.features) } : met;
        }),
      /no gradient flows through the meeting at site 0 \(stage 0\)/,
    ],
    [
      'a parameter out of reach',
      (random) => {
        const network = sound(random);
        const hidden = new Map([['scale', parameter(tf.scalar(1))]]);
        return Object.assign(network, { hidden });
      },
      /10 tensors were made, 9 are reachable/,
    ],
    [
      'a parameter without use',
      (random) => Object.assign(sound(random), { unused: parameter(tf.scalar(1)) }),
      /unused gets no gradient/,
    ],
    [
      'a tensor left behind',
      (random) => withLogits(sound(random), (logits) => tf.keep(tf.add(tf.keep(tf.neg(logits)), 1))),
      /a pass in evaluation leaves 2 tensors behind, 1 of them outputs/,
    ],
    [
      'hidden state',
      (random) => {
        let calls = 0;
        return withLogits(sound(random), (logits) => tf.add(logits, calls++));
      },
      /two passes in evaluation differ/,
    ],
    [
      'samples that see each other',
      (random) => withLogits(sound(random), (logits) => tf.sub(logits, tf.mean(logits))),
      /output 0 of a batch of two differs from two single runs by/,
    ],
    [
      'weights that do not come from the stream',
      () => createTinyNet(options, fixedStream()),
      /another random stream gives the same weights/,
    ],
    [
      'a number that is not saved',
      (random) => {
        const offset = random.uniform()();
        return withLogits(sound(random), (logits) => tf.add(logits, offset));
      },
      /after saving and loading the logits differ by/,
    ],
    [
      'a buffer that a build does not fill alike',
      (random) => Object.assign(sound(random), { noise: buffer(tf.scalar(builds++)) }),
      /the same random stream gives other weights/,
    ],
  ];
  let builds = 0;
  const fixedStream = (): RandomStream => first;
  let first: RandomStream;

  test.each(broken)('finds %s', async (_, create, message) => {
    await proveBackbone((random) => {
      first ??= random;
      return create(random);
    }, claim).then(
      () => expect.unreachable('it was proved'),
      (error: NetworkError) => {
        expect(error.code).toBe('backbone-unproven');
        expect(error.message).toMatch(message);
        expect(error.message).not.toContain('\n');
      },
    );
  });
});

function stopped(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((...inputs) => {
    const [given] = inputs as [tf.Tensor];
    return { value: given.clone(), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) };
  })(x);
}

function withLogits(network: Backbone, change: (logits: tf.Tensor) => tf.Tensor): Backbone {
  const predict = network.head.predict.bind(network.head);
  const changed = (decoded: Decoded, pyramid: Pyramid, context: Context): Prediction => {
    const prediction = predict(decoded, pyramid, context);
    return { ...prediction, logits: change(prediction.logits) };
  };
  return Object.assign(network, { head: Object.assign(network.head, { predict: changed }) });
}

type Encode = Encoder['encode'];

function withEncode(
  network: Backbone,
  around: (image: tf.Tensor, encode: (image?: tf.Tensor) => ReturnType<Encode>) => ReturnType<Encode>,
): Backbone {
  const encode = network.encoder.encode.bind(network.encoder) as Encode;
  const changed = (image: tf.Tensor, ...rest: [Context, tf.TensorContainer, Meet<tf.TensorContainer>?]) =>
    around(image, (other = image) => encode(other, ...rest));
  Object.assign(network.encoder, { encode: changed });
  return network;
}

function withMeet(
  network: Backbone,
  around: (meet: Meet<tf.TensorContainer>) => Meet<tf.TensorContainer>,
): Backbone {
  const encode = network.encoder.encode.bind(network.encoder) as Encode;
  const changed = (
    image: tf.Tensor,
    context: Context,
    state: tf.TensorContainer,
    meet?: Meet<tf.TensorContainer>,
  ) => encode(image, context, state, meet && around(meet));
  Object.assign(network.encoder, { encode: changed });
  return network;
}

function withSites(network: Backbone, change: { channels: number }): Backbone {
  const sites = network.encoder.sites.map((site) => ({ ...site, ...change }));
  Object.assign(network.encoder, { sites });
  return network;
}

function withBottleneck(network: Backbone): Backbone {
  Object.assign(network.encoder, { bottleneckChannels: 9 });
  return network;
}
