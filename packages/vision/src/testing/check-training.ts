import { type Context, evaluation, parameter, RandomStream, randomUniform, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, Prediction } from '../coupling.js';
import { disposePrediction, numbersOf, outputsOf, runWithMeet, type Subject, unless } from './subject.js';

/** Every tensor that was made is reachable as a parameter or buffer, and every parameter gets a finite gradient of its shape. */
export async function checkParameters(subject: Subject): Promise<string[]> {
  const before = tf.memory().numTensors;
  return subject.with(async (network) => {
    const made = tf.memory().numTensors - before;
    const reached = network.state().size;
    const problems = unless(
      made === reached,
      `${made} tensors were made, ${reached} are reachable from the network`,
    );
    const image = subject.image();
    const grads = gradientsOf(network, image, training(1, 0));
    for (const [name, variable] of network.parameters())
      problems.push(...(await faultOf(name, variable, grads[variable.name])));
    tf.dispose([image, grads]);
    return problems;
  });
}

async function faultOf(
  name: string,
  variable: tf.Variable,
  gradient: tf.Tensor | undefined,
): Promise<string[]> {
  if (gradient === undefined) return [`${name} gets no gradient`];
  if (String(gradient.shape) !== String(variable.shape))
    return [`the gradient of ${name} is [${gradient.shape}], expected [${variable.shape}]`];
  const values = await gradient.data();
  return unless((values as Float32Array).every(Number.isFinite), `the gradient of ${name} is not finite`);
}

/** Gradients of all outputs weighted at random and summed. */
function gradientsOf(network: Backbone, image: tf.Tensor, context: Context): tf.NamedTensorMap {
  return tf.tidy(() => {
    const objective = (): tf.Scalar => {
      const parts = outputsOf(network.forward(image, context)).map((output, index) =>
        tf.sum(tf.mul(output, tf.sub(randomUniform(output.shape, new RandomStream(index)), 0.5))),
      );
      return tf.addN(parts) as tf.Scalar;
    };
    return tf.variableGrads(objective, [...network.parameters().values()]).grads;
  });
}

/** Gradients flow through every meeting to what met the features there. */
export async function checkMeetingGradients(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const sites = network.encoder.sites;
    const image = subject.image();
    const offsets = sites.map(({ channels }) => parameter(tf.zeros([channels])));
    const grads = meetingGradients(network, image, offsets);
    const problems: string[] = [];
    for (const [site, offset] of offsets.entries()) {
      const values = await grads[offset.name]?.data();
      const flows = values !== undefined && (values as Float32Array).some((value) => Math.abs(value) > 0);
      problems.push(
        ...unless(flows, `no gradient flows through the meeting at site ${site} (${sites[site]?.name})`),
      );
    }
    tf.dispose([image, grads, ...offsets]);
    return problems;
  });
}

/** Gradients of the logits' squares with respect to an offset of the features at each site. */
function meetingGradients(
  network: Backbone,
  image: tf.Tensor,
  offsets: readonly tf.Variable[],
): tf.NamedTensorMap {
  return tf.tidy(() => {
    const objective = (): tf.Scalar => {
      const state = Object.fromEntries(offsets.map((offset, site) => [String(site), offset as tf.Tensor]));
      const { prediction } = runWithMeet(network, image, evaluation(), state, (site, features, each) => ({
        features: tf.add(features, tf.mul(tf.add(features, 1), each[String(site)] as tf.Tensor)),
        state: each,
      }));
      return tf.sum(tf.square(prediction.logits));
    };
    return tf.variableGrads(objective, [...offsets]).grads;
  });
}

/** A pass leaves its outputs behind and nothing else, in evaluation, in training and with gradients; freed with them, the count is flat. */
export async function checkMemory(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const image = subject.image();
    const problems: string[] = [];
    const before = tf.memory().numTensors;
    for (const context of [evaluation(), training(1, 0)]) {
      const prediction = network.forward(image, context);
      const left = tf.memory().numTensors - before;
      const count = countOf(prediction);
      const when = context.training ? 'training' : 'evaluation';
      problems.push(
        ...unless(
          left === count,
          `a pass in ${when} leaves ${left} tensors behind, ${count} of them outputs`,
        ),
      );
      disposePrediction(prediction);
    }
    tf.dispose(gradientsOf(network, image, training(1, 0)));
    const left = tf.memory().numTensors - before;
    problems.push(
      ...unless(left === 0, `${left} tensors are left behind once all outputs and gradients are freed`),
    );
    image.dispose();
    return problems;
  });
}

function countOf({ logits, auxiliary, extra }: Prediction): number {
  return new Set([logits, ...auxiliary, ...Object.values(extra)]).size;
}

/** Two passes over the same image are the same to the last bit, in evaluation and in the same step of training. */
export async function checkDeterminism(subject: Subject): Promise<string[]> {
  return subject.with(async (network) => {
    const image = subject.image();
    const problems: string[] = [];
    for (const context of [evaluation(), training(7, 3)]) {
      const [first, again] = [
        await numbersOf(outputsOf(network.forward(image, context))),
        await numbersOf(outputsOf(network.forward(image, context))),
      ];
      const isSame = String(first) === String(again);
      problems.push(
        ...unless(isSame, `two passes ${context.training ? 'of one training step' : 'in evaluation'} differ`),
      );
    }
    image.dispose();
    return problems;
  });
}
