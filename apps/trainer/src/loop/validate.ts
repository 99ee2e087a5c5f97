import { setImmediate } from 'node:timers/promises';
import { evaluateCase } from '@bipvl/metrics';
import { spacing } from '@bipvl/preprocess';
import type { PatchLoader } from '@bipvl/preprocess/node';
import { argMaxLabels, type Label, type Predictor, type Segmenter, slidingWindow } from '@bipvl/segmenter';
import type * as tf from '@tensorflow/tfjs-core';
import type { ClassScores } from './train-event.js';

export interface ValidateOptions {
  readonly cases: readonly string[];
  readonly overlap: number;
  readonly signal?: AbortSignal | undefined;
  readonly onCase?: (done: number, total: number) => void;
}

export interface Validation {
  readonly meanDsc: number | null;
  readonly dsc: ClassScores;
}

type WholeCase = ReturnType<PatchLoader['readCase']>;

/**
 * Predicts whole cases by sliding window and compares them with their labels on the grid of the recipe; yields to the event loop at every
 * window. Null where the signal ended it half-way.
 */
export async function validate(
  segmenter: Segmenter,
  loader: PatchLoader,
  options: ValidateOptions,
): Promise<Validation | null> {
  const predictor = segmenter.openPredictor();
  try {
    const scores: (number | null)[][] = [];
    for (const id of options.cases) {
      const whole = loader.readCase(id);
      const labels = await predictCase(segmenter, predictor, whole, options);
      if (labels === null) return null;
      scores.push(scoreCase(labels, whole, segmenter.config.labels));
      options.onCase?.(scores.length, options.cases.length);
    }
    return summarise(scores, segmenter.config.labels);
  } finally {
    predictor.dispose();
  }
}

/** Output channels [D, H, W], or null where the signal ended it. */
async function predictCase(
  segmenter: Segmenter,
  predictor: Predictor,
  { image }: WholeCase,
  { overlap, signal }: ValidateOptions,
): Promise<Uint16Array | null> {
  const { patch } = segmenter.config.image;
  const onWindow = async () => {
    await setImmediate();
    if (signal?.aborted) throw signal.reason;
  };
  try {
    const predict = (window: tf.Tensor5D) => predictor.predict(window);
    const { data, classes } = await slidingWindow(image, predict, { patch, overlap, onWindow });
    return argMaxLabels(data, classes);
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return null;
    throw error;
  }
}

function scoreCase(
  predicted: Uint16Array,
  { image, label }: WholeCase,
  labels: readonly Label[],
): (number | null)[] {
  const channels = labels.map(({ name }, place) => ({ id: place + 1, name }));
  const options = { shape: image.shape, spacing: spacing(image.affine), labels: channels };
  return evaluateCase(predicted, label.data, options).labels.map(({ dsc }) => dsc);
}

function summarise(scores: readonly (readonly (number | null)[])[], labels: readonly Label[]): Validation {
  const means = labels.map((_, place) => mean(scores.map((each) => each[place] ?? null)));
  return {
    meanDsc: mean(means),
    dsc: Object.fromEntries(labels.map(({ name }, place) => [name, means[place] ?? null])),
  };
}

/** Mean of what is defined; null where nothing is. */
function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
