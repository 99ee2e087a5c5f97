import * as tf from '@tensorflow/tfjs-core';
import { badShape, shapeOf } from './checks.js';
import { conceptWeights, globalAlignmentLoss, weightedConcepts } from './global-alignment.js';
import { type Duplicates, localAlignmentLoss } from './local-alignment.js';
import { cosineSimilarity, unitVectors } from './similarity.js';

/** Gaussian noise on the projected vectors while training. */
export interface AlignmentNoise {
  /** Default 0.01, on vectors that are not yet normalised. */
  readonly stddev?: number;
  /** Standard normal numbers of this shape; `name` tells the three draws of a step apart. */
  readonly draw: (shape: number[], name: string) => tf.Tensor;
}

/** What the alignment losses compare, and how. */
export interface AlignmentInputs {
  /** Projected vision class vectors `[B, N, P]`, foreground classes only. */
  readonly visionVectors: tf.Tensor3D;
  /** Projected concept vectors `[N, K, P]`, the same for every image. */
  readonly conceptVectors: tf.Tensor3D;
  /** Pairs of classes with identical text in a slot, `[K][N][N]`. */
  readonly duplicates?: Duplicates;
  /** Which concepts exist, `[N][K]`. Default: all. */
  readonly conceptMask?: readonly (readonly boolean[])[];
  /** Default 0.2. */
  readonly temperature?: number;
  /** Default 3. */
  readonly hardNegatives?: number;
  /** Absent in evaluation. */
  readonly noise?: AlignmentNoise | undefined;
}

/** Both losses, and what they were computed from, for the log. */
export interface AlignmentLosses {
  readonly global: tf.Scalar;
  /** 0 where there is a single concept slot: the text formats of one string a class have no local loss. */
  readonly local: tf.Scalar;
  /** Cosines of vision class i and text class j, `[B, N, N]`. */
  readonly similarity: tf.Tensor3D;
  /** The share of each concept in its class, `[B, N, K]`. */
  readonly weights: tf.Tensor3D;
}

/**
 * Global (class-level) and local (concept-level) alignment of vision and text (BiPVL-Seg, arXiv 2503.23534).
 * All classes take part, absent ones too; images are not contrasted with each other.
 * @throws LossError `bad-shape`, `bad-option`
 */
export function alignmentLosses(inputs: AlignmentInputs): AlignmentLosses {
  const { visionVectors, conceptVectors, conceptMask, temperature = 0.2 } = inputs;
  checkShapes(inputs);
  const [global, local, similarity, weights] = tf.tidy(() => {
    const shares = conceptWeights(visionVectors, conceptVectors, conceptMask && presence(conceptMask));
    const texts = noisy(weightedConcepts(shares, conceptVectors), 'text', inputs.noise);
    const vision = noisy(visionVectors, 'vision', inputs.noise);
    const cosines = cosineSimilarity(vision, texts) as tf.Tensor3D;
    return [
      globalAlignmentLoss(cosines, temperature),
      localPart(vision, inputs),
      cosines,
      shares,
    ] as const satisfies tf.Tensor[];
  });
  return { global, local, similarity, weights };
}

function localPart(vision: tf.Tensor3D, inputs: AlignmentInputs): tf.Scalar {
  const [n, slots] = inputs.conceptVectors.shape;
  if (slots === 1) return tf.scalar(0);
  const concepts = noisy(inputs.conceptVectors, 'concept', inputs.noise);
  return localAlignmentLoss(slotSimilarities(concepts, vision, n, slots), inputs);
}

/**
 * Cosines of text i and vision j in each slot, `[B, K, N, N]`, from one product: tiny kernels cost more to
 * call than to run.
 */
function slotSimilarities(concepts: tf.Tensor3D, vision: tf.Tensor3D, n: number, slots: number): tf.Tensor4D {
  const [batch, , width] = vision.shape;
  const rows = tf.reshape(unitVectors(concepts), [n * slots, width]);
  const columns = tf.reshape(unitVectors(vision), [batch * n, width]);
  const all = tf.reshape(tf.matMul(rows, columns, false, true), [n, slots, batch, n]);
  return tf.transpose(all, [2, 1, 0, 3]) as tf.Tensor4D;
}

function noisy<T extends tf.Tensor>(vectors: T, name: string, noise: AlignmentNoise | undefined): T {
  return noise
    ? (tf.add(vectors, tf.mul(noise.draw(vectors.shape, name), noise.stddev ?? 0.01)) as T)
    : vectors;
}

function presence(conceptMask: readonly (readonly boolean[])[]): tf.Tensor2D {
  return tf.tensor2d(conceptMask.map((row) => row.map(Number)));
}

function checkShapes({ visionVectors, conceptVectors, conceptMask }: AlignmentInputs): void {
  const [, n = 0, width = 0] = shapeOf('visionVectors', visionVectors, 'B, N, P');
  const shape = shapeOf('conceptVectors', conceptVectors, 'N, K, P');
  if (shape[0] !== n || shape[2] !== width) throw badShape('conceptVectors', `[${n}, K, ${width}]`, shape);
  if (conceptMask === undefined) return;
  const fits =
    conceptMask.length === n && conceptMask.every((row) => row.length === shape[1] && row.includes(true));
  if (!fits)
    throw badShape('conceptMask', `[${n}, ${shape[1]}] with a concept for each class`, [
      conceptMask.length,
      conceptMask[0]?.length ?? 0,
    ]);
}
