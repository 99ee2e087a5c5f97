import { AdamW, evaluation, MemoryLedger, RandomStream, training, variableGradients } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { BackboneConfiguration } from './backbone-options.js';
import type { Backbone, Prediction } from './coupling.js';
import { recomputeStages } from './recompute-stages.js';
import { createBackbone } from './registry.js';

export interface EstimateMemoryOptions {
  /** The loss of a training step. Default a softmax cross-entropy of the logits and of the auxiliary ones. */
  readonly loss?: (prediction: Prediction) => tf.Scalar;
  /** The network as `recomputeStages` leaves it. Default false. */
  readonly recompute?: boolean;
}

/** Bytes that a process needs beyond those of the loaded engine. */
export interface MemoryEstimate {
  /** At the fullest moment. */
  readonly peakBytes: number;
  /** Of the parameters and buffers, which `peakBytes` includes. */
  readonly weightBytes: number;
  /** Sides of the images that were run to find out. */
  readonly measured: readonly (readonly number[])[];
}

/**
 * Predicts the peak memory of a forward pass, or of a whole training step (forward, loss, backward, AdamW with its moments), for images
 * [N, D, H, W, C] of this shape, without running one of that size: every tensor of two small runs is counted, and what grows with the voxels
 * is carried on. Runs on the native engine; builds the network, so give it the time of a step at about 48^3.
 * @throws NetworkError `no-native-backend`; `illegal-size`, `unknown-backbone` and options' errors of the backbone
 */
export function estimateMemory(
  configuration: BackboneConfiguration,
  inputShape: readonly number[],
  mode: 'forward' | 'training',
  { loss = crossEntropy, recompute = false }: EstimateMemoryOptions = {},
): MemoryEstimate {
  const { name, ...options } = configuration;
  const network = createBackbone(name, options as never, new RandomStream(1));
  if (recompute) recomputeStages(network);
  const trial = new Trial(network, mode, loss);
  try {
    const sides = inputShape.slice(1, -1);
    const sizes = trialSizes(network, sides);
    const channels = inputShape.at(-1) as number;
    const runs = sizes.map((size) => ({
      voxels: product(size),
      bytes: trial.run([inputShape[0] as number, ...size, channels]),
    }));
    const weightBytes = [...network.state().values()].reduce((sum, { size }) => sum + 4 * size, 0);
    // New weights are drawn in JavaScript's memory and copied to TensorFlow's.
    return {
      peakBytes: runtimeBytes + allocated[mode] * (weightBytes + carriedOn(runs, product(sides))),
      weightBytes,
      measured: sizes,
    };
  } finally {
    trial.dispose();
  }
}

/** What the allocator holds over what lives in it: freed blocks that fit no new tensor; measured. */
const allocated = { forward: 1.2, training: 1.125 } as const;

/** What threads and the libraries under TensorFlow take at their first use; measured. */
const runtimeBytes = 32 * 2 ** 20;

/** One network and its optimiser, run at several sizes with every tensor counted. */
class Trial {
  readonly #network: Backbone;
  readonly #mode: 'forward' | 'training';
  readonly #loss: (prediction: Prediction) => tf.Scalar;
  readonly #ledger = new MemoryLedger();
  readonly #parameters: ReadonlyMap<string, tf.Variable>;
  #optimiser: AdamW | undefined;
  #ends: number[] = [];

  constructor(network: Backbone, mode: 'forward' | 'training', loss: (prediction: Prediction) => tf.Scalar) {
    this.#network = network;
    this.#mode = mode;
    this.#loss = loss;
    this.#parameters = network.parameters();
  }

  /** Bytes held after each operation of forward, backward and optimiser, once the weights and the optimiser's moments are there. */
  run(shape: readonly number[]): number[][] {
    this.#ledger.record(() => this.#pass(shape));
    this.#ends = [];
    const bytes = this.#ledger.record(() => this.#pass(shape));
    return [...this.#ends, bytes.length].map((end, phase) => bytes.slice(this.#ends[phase - 1] ?? 0, end));
  }

  dispose(): void {
    this.#optimiser?.dispose();
    for (const variable of this.#network.state().values()) variable.dispose();
  }

  #pass(shape: readonly number[]): void {
    tf.tidy(() => {
      const image = tf.zeros([...shape]);
      if (this.#mode === 'forward') {
        this.#network.forward(image, evaluation());
        return;
      }
      const objective = () => {
        const loss = this.#loss(this.#network.forward(image, training(1, 0)));
        this.#ends.push(this.#ledger.operations);
        return loss;
      };
      const { gradients } = variableGradients(objective, this.#parameters);
      this.#ends.push(this.#ledger.operations);
      this.#optimiser ??= new AdamW(this.#parameters, { weightDecay: 0.01 });
      this.#optimiser.step(gradients, 1e-4);
    });
  }
}

/** Of every prediction's logits against the first class. */
function crossEntropy({ logits, auxiliary }: Prediction): tf.Scalar {
  const terms = [logits, ...auxiliary].map((output) => {
    const target = tf.oneHot(tf.zeros(output.shape.slice(0, -1), 'int32'), output.shape.at(-1) as number);
    return tf.losses.softmaxCrossEntropy(target, output) as tf.Scalar;
  });
  return tf.addN(terms) as tf.Scalar;
}

/** Two sizes from about 32 voxels a side on, one of nearly twice the voxels, or the size itself where it is small or the only one. */
function trialSizes(network: Backbone, sides: readonly number[]): (readonly number[])[] {
  network.encoder.bottleneckExtent(sides);
  const grown = [32, 48, 64, 80].map((side) => legalSides(network, sides, side));
  // One axis after the other takes its next legal side.
  const candidates = grown.flatMap((size, index) =>
    size.map((_, axis) =>
      size.map((side, at) => (at <= axis ? side : ((grown[index - 1] ?? size)[at] ?? side))),
    ),
  );
  const smaller = candidates.filter((size) => product(size) < product(sides) && isLegal(network, size));
  const small = smaller[0] ?? sides;
  const larger = smaller.find((size) => product(size) >= 1.8 * product(small));
  return larger ? [small, larger] : [sides];
}

/** Along each axis the first legal side from `least` on, no larger than the image's. */
function legalSides(network: Backbone, sides: readonly number[], least: number): number[] {
  return sides.map((largest, axis) => {
    const candidates = Array.from({ length: Math.max(0, largest - least) }, (_, step) => least + step);
    return (
      candidates.find((side) =>
        isLegal(
          network,
          sides.map((other, at) => (at === axis ? side : other)),
        ),
      ) ?? largest
    );
  });
}

function isLegal(network: Backbone, sides: readonly number[]): boolean {
  try {
    network.encoder.bottleneckExtent(sides);
    return true;
  } catch {
    return false;
  }
}

interface Run {
  readonly voxels: number;
  /** Of each phase. */
  readonly bytes: readonly (readonly number[])[];
}

/**
 * The peak at another number of voxels. Every size runs the same operations, so each one's bytes lie on a line of their own, and the fullest
 * moment may be another one than in the small runs. Where a larger image is worked through in more pieces, the peaks of each phase do.
 */
function carriedOn(runs: readonly Run[], voxels: number): number {
  const [first, second] = runs as [Run, Run?];
  if (second === undefined) return peak(first.bytes.map(peak));
  const share = (voxels - first.voxels) / (second.voxels - first.voxels);
  const line = (a: number, b: number) => a + share * (b - a);
  const phases = first.bytes.map((bytes, phase) => {
    const others = second.bytes[phase] as readonly number[];
    if (bytes.length !== others.length) return line(peak(bytes), peak(others));
    return peak(bytes.map((each, event) => line(each, others[event] as number)));
  });
  return peak(phases);
}

function peak(bytes: readonly number[]): number {
  return bytes.reduce((largest, each) => Math.max(largest, each), 0);
}

function product(sides: readonly number[]): number {
  return sides.reduce((total, side) => total * side, 1);
}
