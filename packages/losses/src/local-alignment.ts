import * as tf from '@tensorflow/tfjs-core';
import { badOption, badShape, requirePositive, sameShape } from './checks.js';
import { requireSquare } from './global-alignment.js';
import { hardestNegatives } from './hard-negatives.js';
import { bothDirections, rowEntropies } from './row-entropy.js';

/**
 * `duplicates[k][i][j]`: the texts of classes i and j in slot k are identical, so that neither may be a
 * negative of the other.
 */
export type Duplicates = readonly (readonly (readonly boolean[])[])[];

export interface LocalAlignmentOptions {
  /** Default 0.2. */
  readonly temperature?: number;
  /** How many of the most similar wrong classes compete with the right one. Default 3. */
  readonly hardNegatives?: number;
  /** Default: no duplicates. */
  readonly duplicates?: Duplicates;
  /**
   * `conceptMask[i][k]`: class i has a text in slot k; others neither have a row nor compete. Default: all.
   */
  readonly conceptMask?: readonly (readonly boolean[])[];
}

/**
 * Local alignment with hard negatives (BiPVL-Seg, arXiv 2503.23534, L_local): for each slot the InfoNCE of
 * the positive against the most similar wrong classes, both directions, averaged over directions, slots and
 * images. With two classes it is the full InfoNCE, with one it is 0.
 * @param similarity `[B, K, N, N]` of text class i and vision class j; `[N, N]` for a single slot of a single
 * image.
 * @throws LossError `bad-shape`, `bad-option`
 */
export function localAlignmentLoss(similarity: tf.Tensor, options: LocalAlignmentOptions = {}): tf.Scalar {
  const { temperature = 0.2, hardNegatives = 3 } = options;
  requirePositive('temperature', temperature);
  if (!(Number.isInteger(hardNegatives) && hardNegatives >= 1))
    throw badOption('hardNegatives', 'a whole number of at least 1', hardNegatives);
  const n = requireSquare('similarity', similarity);
  if (similarity.rank !== 2 && similarity.rank !== 4)
    throw badShape('similarity', '[B, K, N, N] or [N, N]', similarity.shape);
  return tf.tidy(() => {
    const slots = similarity.rank === 4 ? (similarity.shape[1] ?? 1) : 1;
    const batched = tf.reshape(similarity, [-1, slots, n, n]);
    const { eligible, rowWeights } = pairMasks(slots, n, options);
    const losses = rowEntropies(
      bothDirections(tf.div(batched, temperature)),
      hardestNegatives(eligible, hardNegatives),
    );
    return tf.div(tf.sum(tf.mul(losses, rowWeights)), 2 * batched.shape[0]) as tf.Scalar;
  });
}

/** Which pairs may be negatives, [2, 1, K, N, N], and what each row counts in the mean over slots, [K, N]. */
function pairMasks(slots: number, n: number, { duplicates, conceptMask }: LocalAlignmentOptions) {
  if (duplicates) requireShape('duplicates', duplicates, [slots, n, n]);
  if (conceptMask) requireShape('conceptMask', conceptMask, [n, slots]);
  const has = (i: number, k: number): boolean => conceptMask?.[i]?.[k] ?? true;
  const twin = (k: number, i: number, j: number): boolean =>
    (duplicates?.[k]?.[i]?.[j] || duplicates?.[k]?.[j]?.[i]) ?? false;
  const negative = (k: number, i: number, j: number): boolean =>
    i !== j && has(i, k) && has(j, k) && !twin(k, i, j);
  const eligible = tf.tensor(cube(slots, n, n, negative), [1, 1, slots, n, n]);
  const present = Array.from({ length: slots }, (_, k) => count(n, (i) => has(i, k)));
  const filled = Math.max(
    1,
    count(slots, (k) => (present[k] ?? 0) > 0),
  );
  const weights = cube(slots, n, 1, (k, i) => has(i, k)).map(
    (one, index) => one / ((present[Math.floor(index / n)] || 1) * filled),
  );
  return { eligible, rowWeights: tf.tensor(weights, [slots, n]) };
}

function cube(
  a: number,
  b: number,
  c: number,
  holds: (i: number, j: number, k: number) => boolean,
): number[] {
  const indices = Array.from({ length: a * b * c }, (_, index) => index);
  return indices.map((index) =>
    Number(holds(Math.floor(index / (b * c)), Math.floor(index / c) % b, index % c)),
  );
}

function count(length: number, holds: (index: number) => boolean): number {
  return Array.from({ length }, (_, index) => index).filter(holds).length;
}

function requireShape(name: string, nested: readonly unknown[], shape: readonly number[]): void {
  const found: number[] = [];
  for (let level: unknown = nested; Array.isArray(level); level = level[0]) found.push(level.length);
  if (!sameShape(found, shape)) throw badShape(name, `[${shape.join(', ')}]`, found);
}
