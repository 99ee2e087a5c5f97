import { adaptiveAveragePool, type Context, Module, type RandomStream, type Triple, within } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { ChannelScale } from '../blocks/channel-scale.js';
import { DualAttentionBlock } from '../blocks/dual-attention-block.js';
import type { Normalisation } from '../blocks/normalised-convolution.js';
import { countsPerStage, type PerStage } from '../blocks/per-stage.js';
import { Reconnection } from '../blocks/reconnection.js';
import { asVolumes, checkSkips } from '../blocks/skips.js';
import { TokenGrid } from '../blocks/token-grid.js';
import type { Bridge, Pyramid } from '../coupling.js';

export interface DcaOptions {
  /**
   * Positions along each axis that all skips are averaged to. Default the sides of the smallest skip, divided by the smallest whole number
   * that leaves at most 1024 positions.
   */
  readonly grid?: readonly number[];
  /** Blocks of channel attention and spatial attention. Default 1. */
  readonly blocks?: number;
  /** Heads of the channel attention, one number or one a skip; they divide its channels and those of all skips together. Default 1. */
  readonly channelHeads?: PerStage<number>;
  /** The same of the spatial attention. Default 4. */
  readonly spatialHeads?: PerStage<number>;
  /** Which half of a block there is. Default 'both'. */
  readonly attention?: 'both' | 'channel' | 'spatial';
  /** Layer norm and GELU after the attention, which the paper's figure has and its published code has not. Default false. */
  readonly postNormalisation?: boolean;
  /** Of what comes out. Default 'batch'. */
  readonly normalisation?: Normalisation | 'none';
  /** Dropout of the attention probabilities in training. Default 0. */
  readonly dropout?: number;
}

const name = 'DCA';

/**
 * Dual cross-attention (Ates et al. 2023, arXiv 2303.17696): every skip is averaged to one grid, mixed with all others there, first among
 * channels, then among positions, and added to what it was. For skips [N, H, W, C], as published, or [N, D, H, W, C]; the decoder gets them
 * in their shapes. The weights do not depend on the rank, nor on the sides.
 */
export class DualCrossAttention extends Module implements Bridge {
  readonly embeddings: ChannelScale[];
  readonly blocks: DualAttentionBlock[];
  readonly reconnections: Reconnection[];
  readonly #channels: readonly number[];
  readonly #grid: TokenGrid;
  readonly #spatialHeads: readonly number[];

  /**
   * For skips of these channels, fine to deep.
   * @throws NetworkError `bridge-options`, `backbone-options` where blocks or heads are no counts, `heads-do-not-divide`, `groups-do-not-divide`
   */
  constructor(options: DcaOptions, channels: readonly number[], random: RandomStream) {
    super();
    const { blocks = 1, attention = 'both', normalisation = 'batch', postNormalisation = false } = options;
    const heads = (option: 'channelHeads' | 'spatialHeads', usual: number) =>
      countsPerStage(name, option, options[option] ?? usual, channels.length);
    const [channelHeads, spatialHeads] = [heads('channelHeads', 1), heads('spatialHeads', 4)];
    countsPerStage(name, 'blocks', blocks, 1);
    const settings = { channels, channelHeads, spatialHeads, attention, dropout: options.dropout ?? 0 };
    // Blocks begin as identities and draw nothing; a stream with a limit is to notice them all the same.
    random.reserve(blocks * channels.length * channels.reduce((total, width) => total + 4 * width, 0));
    this.embeddings = channels.map((width) => new ChannelScale(width));
    this.blocks = Array.from({ length: blocks }, () => new DualAttentionBlock(settings));
    this.reconnections = channels.map((width, scale) => {
      const form = { channels: width, normalisation, postNormalisation };
      return new Reconnection(form, random.at('reconnections', scale));
    });
    this.#channels = channels;
    this.#grid = new TokenGrid(options.grid);
    this.#spatialHeads = spatialHeads;
  }

  /** @throws NetworkError `wrong-channels` for other skips than it was built for, `illegal-size` for a skip smaller than the grid */
  connect(pyramid: Pyramid, context: Context): Pyramid {
    checkSkips(name, pyramid.skips, this.#channels);
    return tf.tidy(() => {
      const skips = asVolumes(pyramid.skips);
      const grid = this.#gridOf(pyramid.skips);
      const tokens = this.#mix(this.#embed(skips, grid), within(context, 'bridge'));
      const connected = skips.map((skip, scale) => {
        const shape = [skip.shape[0], ...grid, skip.shape[4]] as tf.Tensor5D['shape'];
        const onGrid = tf.reshape(tokens[scale] as tf.Tensor, shape) as tf.Tensor5D;
        const joined = (this.reconnections[scale] as Reconnection).forward(onGrid, skip, context);
        return tf.reshape(joined, (pyramid.skips[scale] as tf.Tensor).shape);
      });
      return { ...pyramid, skips: connected };
    });
  }

  /** Bytes of the spatial attention's scores in one block, for a batch whose smallest skip has these sides. */
  attentionBytes(batch: number, smallestSkip: readonly number[]): number {
    const positions = this.#grid.over([smallestSkip]).reduce((total, side) => total * side, 1);
    return 4 * batch * positions ** 2 * this.#spatialHeads.reduce((total, heads) => total + heads, 0);
  }

  /** Of volumes, to which images [N, H, W, C] are turned. */
  #gridOf(skips: readonly tf.Tensor[]): Triple {
    const grid = this.#grid.over(skips.map(({ shape }) => shape.slice(1, -1)));
    return (grid.length === 2 ? [1, ...grid] : grid) as Triple;
  }

  /** The skips on the grid, as tokens [N, P, C]. */
  #embed(skips: readonly tf.Tensor5D[], grid: Triple): tf.Tensor3D[] {
    return skips.map((skip, scale) => {
      const pooled = tf.reshape(adaptiveAveragePool(skip, grid), [skip.shape[0], -1, skip.shape[4]]);
      return (this.embeddings[scale] as ChannelScale).forward(pooled as tf.Tensor3D);
    });
  }

  #mix(tokens: tf.Tensor3D[], context: Context): tf.Tensor3D[] {
    return this.blocks.reduce(
      (mixed, block, index) => block.mix(mixed, within(context, 'blocks', index)),
      tokens,
    );
  }
}
