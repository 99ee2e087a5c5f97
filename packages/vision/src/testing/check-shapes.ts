import { evaluation, NetworkError, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../coupling.js';
import { disposePrediction, numbersOf, outputsOf, type Sides, type Subject, unless } from './subject.js';

/** Logits and auxiliary logits of every legal size, in evaluation and training, are finite and of the right shape. */
export async function checkShapes(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const problems: string[] = [];
    for (const sides of subject.claim.sides) problems.push(...(await shapesAt(subject, network, sides)));
    return problems;
  });
}

async function shapesAt(subject: Subject, network: Backbone, sides: Sides): Promise<string[]> {
  const problems: string[] = [];
  const image = subject.image(sides);
  for (const context of [evaluation(), training(1, 0)]) {
    const when = `[${sides}] in ${context.training ? 'training' : 'evaluation'}`;
    const outputs = outputsOf(network.forward(image, context));
    const [logits, ...auxiliary] = outputs.map(({ shape }) => shape);
    const expected = [1, ...sides, subject.claim.classes];
    problems.push(
      ...unless(
        String(logits) === String(expected),
        `logits of ${when} are [${logits}], expected [${expected}]`,
      ),
    );
    for (const shape of auxiliary)
      problems.push(
        ...unless(
          shape.length === expected.length && shape.at(-1) === subject.claim.classes,
          `auxiliary logits of ${when} are [${shape}], expected ${subject.claim.classes} channels on ${sides.length} sides`,
        ),
      );
    const numbers = await numbersOf(outputs);
    problems.push(
      ...unless(
        numbers.every((values) => values.every(Number.isFinite)),
        `logits of ${when} are not finite`,
      ),
    );
  }
  image.dispose();
  return problems;
}

/** Sides that are not legal, and other channels, are refused by a typed error with a hint, before a tensor is left behind. */
export async function checkRefusals(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const { illegalSides, inputChannels } = subject.claim;
    const oneMore = subject.sides.map((_, axis) =>
      subject.sides.map((side, at) => (at === axis ? side + 1 : side)),
    );
    return [
      ...illegalSides.flatMap((sides) =>
        refusalOf(network, subject.image(sides), `sides of [${sides}]`, false),
      ),
      ...oneMore.flatMap((sides) => refusalOf(network, subject.image(sides), `sides of [${sides}]`, true)),
      ...refusalOf(
        network,
        subject.image(subject.sides, 1, inputChannels + 1),
        `${inputChannels + 1} channels`,
        false,
      ),
    ];
  });
}

function refusalOf(network: Backbone, image: tf.Tensor, what: string, mayBeLegal: boolean): string[] {
  const before = tf.memory().numTensors;
  try {
    const prediction = network.forward(image, evaluation());
    const fits = String(prediction.logits.shape.slice(1, -1)) === String(image.shape.slice(1, -1));
    disposePrediction(prediction);
    return unless(mayBeLegal && fits, `${what} are neither refused nor answered by logits of that size`);
  } catch (error) {
    const isTyped = NetworkError.isInstance(error) && error.hint !== '';
    return [
      ...unless(isTyped, `${what} are refused by ${error}, expected a NetworkError with a hint`),
      ...unless(tf.memory().numTensors === before, `${what} are refused with tensors left behind`),
    ];
  } finally {
    image.dispose();
  }
}
