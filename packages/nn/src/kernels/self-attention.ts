import * as tf from '@tensorflow/tfjs-core';
import {
  type AttentionChunk,
  type AttentionDropout,
  type AttentionRegions,
  type AttentionTask,
  chunksOf,
  dropChunk,
  eachHead,
  partOf,
  probabilitiesOf,
  type ScoreTerm,
  scaledQueries,
} from './attention-scores.js';

/** What is added to the scores, and what is dropped from the probabilities. */
export interface SelfAttentionTerms {
  /** Added to the scores of each head, [heads, T, T]. */
  readonly bias?: tf.Tensor | undefined;
  readonly regions?: AttentionRegions | undefined;
  /** Sets probabilities to zero at this rate and scales the others. */
  readonly dropout?: AttentionDropout | undefined;
  /** How many scores are held at once. Default 2^21. */
  readonly scores?: number;
}

/**
 * Multi-head self-attention softmax(Q K^T / sqrt(d) + bias) V (Vaswani et al. 2017), a chunk of the scores at a time: neither pass ever holds all
 * of them, and the backward pass computes them again, as FlashAttention does (Dao et al. 2022). qkv [3, heads, B, T, d] as [3 heads B, T, d];
 * the result is [heads B, T, d].
 */
export function selfAttention(qkv: tf.Tensor3D, heads: number, terms: SelfAttentionTerms = {}): tf.Tensor3D {
  const { bias: given, regions, dropout, scores = 2 ** 21 } = terms;
  const [groups, tokens, width] = qkv.shape;
  const batch = groups / (3 * heads);
  const drops = dropout?.rate ? dropout : undefined;
  const task: AttentionTask = { heads, batch, tokens, width, scores, regions, dropout: drops };
  const kernel = tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc;
    const [packed, bias] = inputs as [tf.Tensor3D, tf.Tensor | undefined];
    const value = tf.tidy(() => attend(task, packed, bias));
    save([packed, value, ...(bias ? [bias] : [])]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [before, y, term] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor | undefined];
      return tf.tidy(() => differentiate(task, { qkv: before, y, dy: dy as tf.Tensor3D }, term));
    };
    return { value, gradFunc };
  });
  return (given ? kernel(qkv, given) : kernel(qkv)) as tf.Tensor3D;
}

function attend(task: AttentionTask, qkv: tf.Tensor3D, bias: tf.Tensor | undefined): tf.Tensor3D {
  const parts = eachHead(task, bias, (head, term) =>
    chunksOf(task, head)
      .flat()
      .map((chunk) =>
        tf.tidy(() => {
          const probabilities = dropChunk(task, probabilitiesOf(task, qkv, chunk, term), chunk);
          return tf.reshape(tf.matMul(probabilities, partOf(task, qkv, 2, chunk)), [-1, task.width]);
        }),
      ),
  );
  return tf.reshape(together(parts.flat()), [task.heads * task.batch, task.tokens, task.width]);
}

/** What the backward pass starts from. */
interface Passed {
  readonly qkv: tf.Tensor3D;
  readonly y: tf.Tensor3D;
  readonly dy: tf.Tensor3D;
}

/** Gradients of a chunk or of several; `scores` hold their sum over the batch, [rows, T], where a bias takes part. */
type Gradients = {
  readonly query: tf.Tensor;
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
  readonly scores: tf.Tensor[];
};

function differentiate(task: AttentionTask, passed: Passed, bias: tf.Tensor | undefined): tf.Tensor[] {
  const heads = eachHead(task, bias, (head, term) => {
    const blocks = chunksOf(task, head).map((chunks) =>
      tf.tidy(() => joinRows(chunks.map((chunk) => chunkGradients(task, passed, chunk, term)))),
    );
    const scores = blocks.flatMap((block) => block.scores);
    return { blocks, scores: scores.length > 0 ? [sum(scores)] : [] };
  });
  const parts = (name: 'query' | 'key' | 'value') =>
    heads.flatMap(({ blocks }) => blocks.map((block) => tf.reshape(block[name], [-1, task.width])));
  const packed = together([...parts('query'), ...parts('key'), ...parts('value')]);
  const toBias = heads.flatMap(({ scores }) => scores);
  return [tf.reshape(packed, passed.qkv.shape), ...(bias ? [tf.stack(toBias)] : [])];
}

function chunkGradients(
  task: AttentionTask,
  { qkv, y, dy }: Passed,
  chunk: AttentionChunk,
  term: ScoreTerm,
): Gradients {
  return tf.tidy(() => {
    const probabilities = probabilitiesOf(task, qkv, chunk, term);
    // Results lie like queries.
    const [output, toOutput] = [partOf(task, y, 0, chunk), partOf(task, dy, 0, chunk)];
    const dropped = tf.matMul(toOutput, partOf(task, qkv, 2, chunk), false, true);
    // The sum of a row of probabilities times their gradients, taken on the short side of the product.
    const rows = tf.sum(tf.mul(output, toOutput), -1, true);
    const scores = tf.mul(probabilities, tf.sub(dropChunk(task, dropped, chunk), rows));
    return {
      query: tf.mul(tf.matMul(scores, partOf(task, qkv, 1, chunk)), 1 / Math.sqrt(task.width)),
      key: tf.matMul(scores, scaledQueries(task, qkv, chunk), true),
      value: tf.matMul(dropChunk(task, probabilities, chunk), toOutput, true),
      scores: term.plain ? [tf.sum(scores, 0)] : [],
    };
  });
}

/** Chunks of other rows of the same entries: their queries follow each other, their keys add up. */
function joinRows(chunks: readonly Gradients[]): Gradients {
  const [only, ...others] = chunks as [Gradients, ...Gradients[]];
  if (others.length === 0) return only;
  return {
    query: tf.concat(
      chunks.map(({ query }) => query),
      1,
    ),
    key: sum(chunks.map(({ key }) => key)),
    value: sum(chunks.map(({ value }) => value)),
    scores: only.scores.length > 0 ? [together(chunks.flatMap(({ scores }) => scores))] : [],
  };
}

function sum(parts: tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.addN(parts);
}

function together(parts: tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 0);
}
