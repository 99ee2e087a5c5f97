import { Attention, type Context, LayerNorm, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { partition, unpartition, windowSides } from './windows.js';

export interface WindowSelfAttentionOptions {
  readonly channels: number;
  readonly heads: number;
  /** Largest side of a window, in voxels; `Infinity` attends over the whole grid. */
  readonly window: number;
}

/**
 * Pre-normalised self-attention inside non-shifted windows of a grid, without position bias: SA(LN(V)). [B, D, H, W, C] to the same. Tokens
 * [B, T, C] have no neighbours: they are one window.
 */
export class WindowSelfAttention extends Module {
  readonly norm: LayerNorm;
  readonly attention: Attention;
  readonly #window: number;

  constructor({ channels, heads, window }: WindowSelfAttentionOptions, random: RandomStream) {
    super();
    this.norm = new LayerNorm({ channels });
    this.attention = new Attention({ width: channels, heads }, random.at('attention'));
    this.#window = window;
  }

  forward(vision: tf.Tensor, context: Context): tf.Tensor {
    return tf.tidy(() => {
      const normalised = this.norm.forward(vision);
      if (vision.rank === 3) {
        const tokens = normalised as tf.Tensor3D;
        return this.attention.forward(tokens, tokens, context);
      }
      const sides = windowSides(vision.shape.slice(1, 4), this.#window) as [number, number, number];
      const windows = partition(normalised as tf.Tensor5D, sides);
      return unpartition(this.attention.forward(windows, windows, context), vision.shape, sides);
    });
  }
}
