import { type Context, NetworkError, RandomStream, randomUniform } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, Meet, Prediction } from '../coupling.js';

/** Sides in voxels. */
export type Sides = readonly number[];

/** What is to be proved, and with which images. */
export interface BackboneClaim {
  /** Channels of the image. Default 1. */
  readonly inputChannels?: number;
  /** Channels of the logits. */
  readonly classes: number;
  /** Legal sides; small ones that leave the bottleneck more than one voxel. */
  readonly sides: readonly Sides[];
  /** Sides that must be refused, besides those that the proof tries by itself. Default none. */
  readonly illegalSides?: readonly Sides[];
  /** Largest difference between a batch of two and two single runs, relative to the largest logit. Default 1e-4. */
  readonly tolerance?: number;
}

/** Builds the backbone with weights drawn from the stream. */
export type CreateBackbone = (random: RandomStream) => Backbone;

/** A claim with its defaults, and the ways to try it. */
export class Subject {
  readonly create: CreateBackbone;
  readonly claim: Required<BackboneClaim>;

  /** @throws NetworkError `backbone-claim` where there are no sides to try */
  constructor(create: CreateBackbone, claim: BackboneClaim) {
    if (claim.sides.length === 0)
      throw new NetworkError('backbone-claim', 'a proof needs legal sides, received none', {
        hint: 'give sides: [[32, 32, 32]], or more of them',
      });
    this.create = create;
    this.claim = { inputChannels: 1, illegalSides: [], tolerance: 1e-4, ...claim };
  }

  /** The sides that one size is enough for. */
  get sides(): Sides {
    return this.claim.sides[0] as Sides;
  }

  /** A new backbone, passed to `use` and freed after it. */
  async with<T>(use: (network: Backbone) => Promise<T>, seed = 1): Promise<T> {
    const network = this.create(new RandomStream(seed));
    try {
      return await use(network);
    } finally {
      network.dispose();
    }
  }

  /** Random voxels in [-1, 1), the same for the same shape; a second sample fades out along D, to look unlike the first. The caller disposes them. */
  image(sides: Sides = this.sides, batch = 1, channels: number = this.claim.inputChannels): tf.Tensor {
    return tf.tidy(() => {
      const noise = tf.sub(tf.mul(randomUniform([batch, ...sides, channels], new RandomStream(9)), 2), 1);
      const depths = [1, sides[0] as number, ...sides.slice(1).map(() => 1), 1];
      const fading = tf.reshape(tf.linspace(0, 1, depths[1] as number), depths);
      return tf.concat(
        tf.split(noise, batch).map((sample, n) => (n === 0 ? sample : tf.mul(sample, fading))),
      );
    });
  }
}

/** The logits and the auxiliary logits. */
export function outputsOf({ logits, auxiliary }: Prediction): tf.Tensor[] {
  return [logits, ...auxiliary];
}

/** Frees every tensor of a prediction. */
export function disposePrediction({ logits, auxiliary, extra }: Prediction): void {
  tf.dispose([logits, ...auxiliary, ...Object.values(extra)]);
}

/** The whole network with something that meets its features at every site. */
export function runWithMeet<S extends tf.TensorContainer>(
  { encoder, bridge, decoder, head }: Backbone,
  image: tf.Tensor,
  context: Context,
  state: S,
  meet: Meet<S>,
): { prediction: Prediction; state: S } {
  const encoded = encoder.encode(image, context, state, meet);
  const connected = bridge ? bridge.connect(encoded.pyramid, context) : encoded.pyramid;
  return {
    prediction: head.predict(decoder.decode(connected, context), connected, context),
    state: encoded.state,
  };
}

/** The numbers of tensors, which are freed. */
export async function numbersOf(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose([...tensors]);
  return values as Float32Array[];
}

/** The largest difference between two lists of numbers; infinite where the lengths differ, NaN where one is not a number. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++)
    largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  return largest;
}

/** `what`, unless it holds. */
export function unless(holds: boolean, what: string): string[] {
  return holds ? [] : [what];
}
