import {
  decodeSafetensors,
  encodeSafetensors,
  evaluation,
  loadState,
  type StoredTensor,
  toTensor,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../coupling.js';
import { largestDifference, numbersOf, outputsOf, type Subject, unless } from './subject.js';

/** A batch of two in evaluation is two single runs, one above the other. */
export async function checkBatches(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const images = subject.image(subject.sides, 2);
    const singles = tf.split(images, 2);
    const together = await numbersOf(outputsOf(network.forward(images, evaluation())));
    const [first, second] = [
      await numbersOf(outputsOf(network.forward(singles[0] as tf.Tensor, evaluation()))),
      await numbersOf(outputsOf(network.forward(singles[1] as tf.Tensor, evaluation()))),
    ];
    tf.dispose([images, ...singles]);
    return together.flatMap((both, output) => {
      const apart = [...(first[output] ?? []), ...(second[output] ?? [])];
      const largest = both.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
      const difference = largestDifference(both, apart);
      return unless(
        difference <= subject.claim.tolerance * largest,
        `output ${output} of a batch of two differs from two single runs by ${difference.toExponential(1)}`,
      );
    });
  });
}

/** The same stream gives the same weights under the same names, another stream other ones. */
export async function checkWeights(subject: Subject): Promise<string[]> {
  const [first, again, other] = [
    await stateOf(subject, 1),
    await stateOf(subject, 1),
    await stateOf(subject, 2),
  ];
  const differs = ([name, values]: [string, Float32Array]) =>
    largestDifference(values, other.get(name) ?? []) > 0;
  const same = [...first].every(([name, values]) => largestDifference(values, again.get(name) ?? []) === 0);
  return [
    ...unless(
      [...first.keys()].join() === [...again.keys()].join(),
      'names or their order change from build to build',
    ),
    ...unless(same, 'the same random stream gives other weights'),
    ...unless([...first].some(differs), 'another random stream gives the same weights'),
  ];
}

async function stateOf(subject: Subject, seed: number): Promise<Map<string, Float32Array>> {
  return subject.with(async (network) => {
    const entries = [...network.state()].map(
      async ([name, variable]) => [name, (await variable.data()) as Float32Array] as const,
    );
    return new Map(await Promise.all(entries));
  }, seed);
}

/** Written as safetensors and read into a network of other weights, it gives the same logits to the last bit. */
export async function checkRoundTrip(subject: Subject): Promise<string[]> {
  const saved = await subject.with(async (network) => ({
    bytes: await encoded(network),
    logits: await logitsOf(subject, network),
  }));
  return subject.with(async (network) => {
    const { tensors } = decodeSafetensors(saved.bytes);
    tf.tidy(() => {
      loadState(network, new Map([...tensors].map(([name, stored]) => [name, toTensor(name, stored)])));
    });
    const difference = largestDifference(await logitsOf(subject, network), saved.logits);
    return unless(
      difference === 0,
      `after saving and loading the logits differ by ${difference.toExponential(1)}`,
    );
  }, 2);
}

async function encoded(network: Backbone): Promise<Uint8Array> {
  const stored = new Map<string, StoredTensor>();
  for (const [name, variable] of network.state())
    stored.set(name, { dtype: 'F32', shape: variable.shape, data: (await variable.data()) as Float32Array });
  return encodeSafetensors(stored);
}

async function logitsOf(subject: Subject, network: Backbone): Promise<Float32Array> {
  const image = subject.image();
  const outputs = outputsOf(network.forward(image, evaluation()));
  image.dispose();
  const [logits] = await numbersOf(outputs);
  return logits as Float32Array;
}
