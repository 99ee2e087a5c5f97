import { type AdamW, clipByGlobalNorm, globalNorm, training, variableGradients } from '@bipvl/nn';
import type { Segmenter } from '@bipvl/segmenter';
import * as tf from '@tensorflow/tfjs-core';
import type { PatchBatch } from '../data/batches.js';

export interface StepOptions {
  readonly seed: number;
  /** Counted from 0. */
  readonly step: number;
  readonly learningRate: number;
  readonly clipNorm: number | null;
}

export interface StepResult {
  /** The objective under `total`, and its parts by name. */
  readonly losses: Readonly<Record<string, number>>;
  /** Euclidean norm of all gradients, before clipping. */
  readonly gradientNorm: number;
  /** Whether everything was finite; the parameters have moved only then. */
  readonly finite: boolean;
}

/**
 * One step: objective and gradients, then AdamW; a value that is not finite leaves the parameters as they were. No tensor outlives it.
 * @throws NetworkError `bad-gradients` naming parameters that the objective does not reach.
 */
export function trainStep(
  segmenter: Segmenter,
  optimiser: AdamW,
  batch: PatchBatch,
  options: StepOptions,
): StepResult {
  return scoped(() => {
    const { values, gradients } = differentiate(segmenter, batch, options);
    const clipped = clip(gradients, options.clipNorm);
    const names = ['total', ...segmenter.lossNames];
    const [gradientLength, ...numbers] = tf
      .concat1d([clipped.norm, values].map((each) => tf.reshape(each, [-1]) as tf.Tensor1D))
      .dataSync();
    const losses = Object.fromEntries(names.map((name, place) => [name, numbers[place] ?? Number.NaN]));
    const finite = [gradientLength, ...numbers].every((each) => Number.isFinite(each));
    if (finite) optimiser.step(clipped.gradients, options.learningRate);
    return { losses, gradientNorm: gradientLength ?? Number.NaN, finite };
  });
}

/** `tf.tidy` for what returns no tensor. */
function scoped<T>(body: () => T): T {
  tf.engine().startScope();
  try {
    return body();
  } finally {
    tf.engine().endScope();
  }
}

/** The objective and its parts as a vector, and the gradient of each parameter by its dotted name. */
function differentiate(
  segmenter: Segmenter,
  { images, labels, shape }: PatchBatch,
  { seed, step }: StepOptions,
): { values: tf.Tensor1D; gradients: Map<string, tf.Tensor> } {
  const parameters = segmenter.network.parameters();
  const batch = {
    image: tf.tensor5d(images, [...shape]),
    labels: tf.tensor4d(labels, [shape[0], shape[1], shape[2], shape[3]], 'int32'),
  };
  let values: tf.Tensor1D | undefined;
  const { gradients } = variableGradients(() => {
    const { total, parts } = segmenter.losses(batch, training(seed, step));
    values = tf.keep(
      tf.stack([total, ...segmenter.lossNames.map((name) => parts[name] as tf.Scalar)]) as tf.Tensor1D,
    );
    return total;
  }, parameters);
  return { values: release(values), gradients };
}

/** Hands a kept tensor to the scope that is open now. */
function release(kept: tf.Tensor1D | undefined): tf.Tensor1D {
  const inScope = tf.clone(kept as tf.Tensor1D);
  kept?.dispose();
  return inScope;
}

/** The gradients as the optimiser takes them, and their norm before. */
function clip(
  gradients: ReadonlyMap<string, tf.Tensor>,
  limit: number | null,
): { gradients: ReadonlyMap<string, tf.Tensor>; norm: tf.Scalar } {
  return limit === null ? { gradients, norm: globalNorm(gradients) } : clipByGlobalNorm(gradients, limit);
}
