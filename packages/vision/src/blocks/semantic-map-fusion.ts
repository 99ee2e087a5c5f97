import { type Context, Convolution, Module, type RandomStream, within } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { TransformerBlock } from './transformer-block.js';

export interface SemanticMapFusionOptions {
  /** Of each map. */
  readonly channels: readonly number[];
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
}

/**
 * Lets the tokens of the semantic maps of several scales attend to each other (Gao et al. 2022): each map is mapped to one width, all go through a
 * transformer together, and each is mapped back.
 */
export class SemanticMapFusion extends Module {
  readonly inward: Convolution[];
  readonly blocks: TransformerBlock[];
  readonly outward: Convolution[];

  /** @throws NetworkError `heads-do-not-divide` when the width is no multiple of the heads. */
  constructor({ channels, width, depth, heads }: SemanticMapFusionOptions, random: RandomStream) {
    super();
    const map = { kernel: 1, bias: false };
    this.inward = channels.map(
      (inputChannels, index) =>
        new Convolution({ ...map, inputChannels, outputChannels: width }, random.at('inward', index)),
    );
    const block = { width, heads, mlpWidth: width, qkvBias: false, dropout: 0, idleNormalisation: false };
    this.blocks = Array.from(
      { length: depth },
      (_, index) => new TransformerBlock(block, random.at('blocks', index)),
    );
    this.outward = channels.map(
      (outputChannels, index) =>
        new Convolution({ ...map, inputChannels: width, outputChannels }, random.at('outward', index)),
    );
  }

  /** Maps [N, M, 1, 1, C] to the tokens of all, one map after the other, [N, maps M, width]. */
  fuse(maps: readonly tf.Tensor5D[], context: Context): tf.Tensor3D {
    return tf.tidy(() => {
      const rows = maps.map((map, index) => {
        const [batch, tokens] = map.shape;
        const mapped = (this.inward[index] as Convolution).forward(map);
        return tf.reshape(mapped, [batch, tokens, -1]) as tf.Tensor3D;
      });
      return this.blocks.reduce(
        (tokens, block, index) => block.forward(tokens, within(context, 'blocks', index)),
        tf.concat(rows, 1),
      );
    });
  }

  /** The tokens back to maps of the channels that they came with. */
  part(tokens: tf.Tensor3D): tf.Tensor5D[] {
    return tf.tidy(() => {
      const parts = tf.split(tokens, this.outward.length, 1);
      return parts.map((part, index) => {
        const [batch, count, width] = part.shape as [number, number, number];
        const map = tf.reshape(part, [batch, count, 1, 1, width]) as tf.Tensor5D;
        return (this.outward[index] as Convolution).forward(map);
      });
    });
  }
}
