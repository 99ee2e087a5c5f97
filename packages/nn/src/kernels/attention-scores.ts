import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random-stream.js';
import { randomUniform } from './random.js';

/** Which tokens do not see each other, though they share a window: those with different labels. */
export interface AttentionRegions {
  /** The kind of each batch entry, a row of `labels`; repeats where the batch is longer. All labels of kind 0 are equal. */
  readonly kinds: Int32Array;
  /** For each kind a label a token, [kinds, T]. */
  readonly labels: Int32Array;
}

/** Dropout of the attention probabilities, drawn again from the same keys on the way back. */
export interface AttentionDropout {
  readonly rate: number;
  readonly random: RandomStream;
}

/** The work, its cut, and what else takes part in it; no tensors. */
export interface AttentionTask {
  readonly heads: number;
  readonly batch: number;
  readonly tokens: number;
  /** Channels of a head. */
  readonly width: number;
  /** Scores held at once. */
  readonly scores: number;
  readonly regions: AttentionRegions | undefined;
  readonly dropout: AttentionDropout | undefined;
}

/** `count` batch entries of a head from `first` on, and of each of them `rows` queries from `row` on. */
export interface AttentionChunk {
  readonly head: number;
  readonly first: number;
  readonly count: number;
  readonly row: number;
  readonly rows: number;
}

/** What is added to the scores of a head: [1, T, T] where a window is one region, [kinds, T, T] else. */
export interface ScoreTerm {
  readonly plain: tf.Tensor | undefined;
  readonly byKind: tf.Tensor | undefined;
}

/** Added to the scores of tokens of different regions, as Swin has it. */
const hidden = -100;

/** The chunks of a head; those of one inner list share their keys. Several entries whole, or one entry some rows at a time. */
export function chunksOf({ batch, tokens, scores }: AttentionTask, head: number): AttentionChunk[][] {
  const entries = Math.max(1, Math.floor(scores / tokens ** 2));
  const rows = Math.min(tokens, Math.max(1, Math.floor(scores / tokens)));
  return steps(batch, entries).map(([first, count]) =>
    steps(tokens, rows).map(([row, rows]) => ({ head, first, count, row, rows })),
  );
}

function steps(total: number, step: number): [number, number][] {
  return Array.from({ length: Math.ceil(total / step) }, (_, index) => [
    index * step,
    Math.min(step, total - index * step),
  ]);
}

/** The score terms of each head in turn, freed before the next. */
export function eachHead<T extends tf.TensorContainer>(
  task: AttentionTask,
  bias: tf.Tensor | undefined,
  work: (head: number, term: ScoreTerm) => T,
): T[] {
  const { regions, tokens } = task;
  const masks = regions ? regionMasks(regions, tokens) : undefined;
  return Array.from({ length: task.heads }, (_, head) =>
    tf.tidy(() => {
      const plain = bias ? tf.slice(bias, [head, 0, 0], [1, tokens, tokens]) : undefined;
      return work(head, { plain, byKind: masks && plain ? tf.add(masks, plain) : masks });
    }),
  );
}

function regionMasks({ labels }: AttentionRegions, tokens: number): tf.Tensor {
  return tf.tidy(() => {
    const rows = tf.tensor3d(labels, [labels.length / tokens, tokens, 1], 'int32');
    const differ = tf.notEqual(rows, tf.transpose(rows, [0, 2, 1]));
    return tf.mul(tf.cast(differ, 'float32'), hidden);
  });
}

/** The chunk's part of queries (0), keys (1) or values (2) in qkv [3 heads B, T, d]: its rows, or all rows that its queries look at. */
export function partOf(
  task: AttentionTask,
  qkv: tf.Tensor3D,
  which: 0 | 1 | 2,
  chunk: AttentionChunk,
): tf.Tensor3D {
  const start = (which * task.heads + chunk.head) * task.batch + chunk.first;
  const [row, rows] = which === 0 ? [chunk.row, chunk.rows] : [0, task.tokens];
  return tf.slice(qkv, [start, row, 0], [chunk.count, rows, task.width]);
}

/** The chunk's queries times 1 / sqrt(d). */
export function scaledQueries(task: AttentionTask, qkv: tf.Tensor3D, chunk: AttentionChunk): tf.Tensor {
  return tf.mul(partOf(task, qkv, 0, chunk), 1 / Math.sqrt(task.width));
}

/** Attention probabilities of a chunk, [count, rows, T]. */
export function probabilitiesOf(
  task: AttentionTask,
  qkv: tf.Tensor3D,
  chunk: AttentionChunk,
  term: ScoreTerm,
): tf.Tensor {
  return tf.tidy(() => {
    const scores = tf.matMul(scaledQueries(task, qkv, chunk), partOf(task, qkv, 1, chunk), false, true);
    const added = termOf(task, chunk, term);
    return tf.softmax(added ? tf.add(scores, added) : scores);
  });
}

function termOf(
  task: AttentionTask,
  chunk: AttentionChunk,
  { plain, byKind }: ScoreTerm,
): tf.Tensor | undefined {
  const kinds = task.regions && kindsOf(task.regions, chunk);
  if (byKind === undefined || kinds === undefined || kinds.every((kind) => kind === 0)) {
    return plain && rowsOf(task, plain, chunk);
  }
  return tf.gather(rowsOf(task, byKind, chunk), tf.tensor1d(kinds, 'int32'));
}

function kindsOf({ kinds }: AttentionRegions, { first, count }: AttentionChunk): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => kinds[(first + index) % kinds.length] as number);
}

function rowsOf({ tokens }: AttentionTask, term: tf.Tensor, { row, rows }: AttentionChunk): tf.Tensor {
  return rows === tokens ? term : tf.slice(term, [0, row, 0], [term.shape[0] as number, rows, tokens]);
}

/** Dropout of a chunk's probabilities; its mask is a function of the chunk, so that the backward pass draws it again. */
export function dropChunk(task: AttentionTask, x: tf.Tensor, chunk: AttentionChunk): tf.Tensor {
  const { dropout } = task;
  if (dropout === undefined) return x;
  return tf.tidy(() => {
    const random = dropout.random.at(chunk.head, chunk.first, chunk.row);
    const kept = tf.greaterEqual(randomUniform(x.shape, random), dropout.rate);
    return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - dropout.rate)));
  });
}
