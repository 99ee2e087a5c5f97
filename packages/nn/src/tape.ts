import type * as tf from '@tensorflow/tfjs-core';

/** What the engine writes down of one operation while it keeps a tape. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: tf.NamedTensorMap;
  readonly outputs: readonly tf.Tensor[];
  readonly gradient?: (dys: (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>;
  /** The gradient reads the same array. */
  readonly saved?: Kept[];
}

/** A tensor that is kept for a gradient, or what is left of it where its shape is enough. */
export type Kept = tf.Tensor | Outline;

interface Outline {
  readonly shape: readonly number[];
  readonly rank: number;
}

/**
 * Operations whose gradients ask their inputs for the shape and nothing else, while TensorFlow.js keeps the inputs: the sum of a residual block,
 * the halves of a concatenation, and whatever a result was before it was reshaped.
 */
const shapeIsEnough: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Concat',
  'Reshape',
  'ExpandDims',
  'Pack',
  'PadV2',
  'Slice',
  'Sum',
  'Mean',
]);

/** Takes the place of the engine's list of operations; keeps for gradients only the tensors that they read. */
export class Tape extends Array<TapeNode> {
  override push(...nodes: TapeNode[]): number {
    for (const node of nodes) if (shapeIsEnough.has(node.kernelName)) keepShapes(node);
    return super.push(...nodes);
  }
}

function keepShapes({ saved = [] }: TapeNode): void {
  for (const [index, kept] of saved.entries()) {
    saved[index] = { shape: kept.shape, rank: kept.rank };
    if ('dispose' in kept) kept.dispose();
  }
}

/** Frees what an operation kept. */
export function release({ saved = [] }: TapeNode): void {
  for (const kept of saved) if ('dispose' in kept && !kept.isDisposed) kept.dispose();
}
