import {
  type Context,
  dropout,
  LayerNorm,
  layerNorm,
  type MergingOrder,
  Module,
  NetworkError,
  PatchEmbedding,
  type RandomStream,
  type Triple,
  triple,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { dropPathRamp } from '../blocks/drop-path-ramp.js';
import { SwinStage } from '../blocks/swin-stage.js';
import type { Encoder, FusionSite, Meet, Pyramid } from '../coupling.js';

export interface SwinTransformerOptions {
  readonly inputChannels: number;
  /** Width of the first stage; each stage doubles it. Divisible by the heads of each stage. Default 24. */
  readonly width?: number;
  /** Sides of a patch in voxels. Default 2. */
  readonly patch?: number | Triple;
  /** Swin blocks of each stage. Default [2, 2, 2, 2]. */
  readonly depths?: readonly number[];
  /** Attention heads of each stage. Default [3, 6, 12, 24]. */
  readonly heads?: readonly number[];
  /** Sides of a window in tokens. Default 7. */
  readonly window?: number | Triple;
  /** Hidden width of the MLPs over their width. Default 4. */
  readonly mlpRatio?: number;
  /** Learned bias of queries, keys and values. Default true. */
  readonly qkvBias?: boolean;
  /** Layer norm after the patch embedding. Default false. */
  readonly patchNormalisation?: boolean;
  /** Layer norm without scale and shift of what leaves the encoder. Default true. */
  readonly normalise?: boolean;
  /** Sub-grids that patch merging joins. Default 'legacy', which the published weights of Swin UNETR were trained with. */
  readonly merging?: MergingOrder;
  /** 2 starts each stage with a residual block of convolutions (SwinUNETR-V2). Default 1. */
  readonly version?: 1 | 2;
  /** Dropout of embeddings, attention outputs and MLPs. Default 0. */
  readonly dropout?: number;
  /** Dropout of attention probabilities. Default 0. */
  readonly attentionDropout?: number;
  /** Stochastic depth of the last block; it grows from 0 at the first. Default 0. */
  readonly dropPath?: number;
}

/**
 * The 3-D Swin transformer of MONAI (Liu et al. 2021, Hatamizadeh et al. 2022) as an encoder of any image size: patch embedding, then stages of
 * window attention that halve the sides, rounded up, and double the width. Text may meet what each stage yields.
 * @throws NetworkError `backbone-options` when depths and heads do not go together, `heads-do-not-divide`.
 */
export function createSwinTransformer(
  options: SwinTransformerOptions,
  random: RandomStream,
): SwinTransformer {
  return new SwinTransformer(options, random);
}

/** See `createSwinTransformer`. Skips are the patch embedding and all stages but the last, the bottleneck is the last. */
export class SwinTransformer extends Module implements Encoder {
  readonly embedding: PatchEmbedding;
  readonly embeddingNormalisation: LayerNorm | undefined;
  readonly stages: SwinStage[];
  readonly sites: readonly FusionSite[];
  readonly skipChannels: readonly number[];
  readonly bottleneckChannels: number;
  readonly #patch: Triple;
  readonly #normalise: boolean;
  readonly #dropout: number;

  constructor(options: SwinTransformerOptions, random: RandomStream) {
    super();
    const { inputChannels, width = 24, patch = 2 } = options;
    this.embedding = new PatchEmbedding(
      { inputChannels, outputChannels: width, patch },
      random.at('embedding'),
    );
    this.embeddingNormalisation = options.patchNormalisation ? new LayerNorm({ channels: width }) : undefined;
    this.stages = createStages(options, width, random);
    this.sites = this.stages.map((_, stage) => this.#site(stage, width * 2 ** (stage + 1)));
    this.skipChannels = this.stages.map((_, stage) => width * 2 ** stage);
    this.bottleneckChannels = width * 2 ** this.stages.length;
    this.#patch = triple(patch);
    this.#normalise = options.normalise ?? true;
    this.#dropout = options.dropout ?? 0;
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#extent(this.stages.length, input);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S } {
    this.bottleneckExtent(image.shape.slice(1, 4));
    return tf.tidy(() => {
      const embedded = this.#embed(image as tf.Tensor5D, context);
      const left = [this.#leave(embedded)];
      let current: { features: tf.Tensor; state: S } = { features: embedded, state };
      for (const [index, stage] of this.stages.entries()) {
        current = tf.tidy(() => {
          const features = stage.forward(current.features as tf.Tensor5D, within(context, 'stages', index));
          return meet ? meet(index, features, current.state) : { features, state: current.state };
        });
        left.push(this.#leave(current.features));
      }
      const bottleneck = left.pop() as tf.Tensor;
      return { pyramid: { skips: left, bottleneck, extra: {} }, state: current.state };
    });
  }

  /** Sides of the tokens' grid after the embedding (0) or a stage. @throws NetworkError `illegal-size` where a side is not above 0. */
  #extent(level: number, input: readonly number[]): readonly number[] {
    if (input.length !== 3 || input.some((side) => side < 1)) throw illegal(input);
    const halve = (side: number): number => Math.ceil(side / 2);
    const embedded = input.map((side, axis) => Math.ceil(side / (this.#patch[axis] as number)));
    return embedded.map((side) => Array.from({ length: level }).reduce<number>(halve, side));
  }

  #site(stage: number, channels: number): FusionSite {
    const extent = (input: readonly number[]) => this.#extent(stage + 1, input);
    return { name: `stage ${stage}`, kind: 'grid', channels, prefix: 0, extent };
  }

  #embed(image: tf.Tensor5D, context: Context): tf.Tensor {
    return tf.tidy(() => {
      const tokens = this.embedding.forward(image);
      const normalised = this.embeddingNormalisation ? this.embeddingNormalisation.forward(tokens) : tokens;
      return dropout(normalised, this.#dropout, within(context, 'embedding'));
    });
  }

  /** What skips and bottleneck get of features that go on to the next stage as they are. */
  #leave(features: tf.Tensor): tf.Tensor {
    if (!this.#normalise) return features.clone();
    const channels = features.shape.at(-1) as number;
    return tf.tidy(() => layerNorm(features, tf.ones([channels]), tf.zeros([channels]), 1e-5));
  }
}

function createStages(options: SwinTransformerOptions, width: number, random: RandomStream): SwinStage[] {
  const { depths = [2, 2, 2, 2], heads = [3, 6, 12, 24], window = 7, mlpRatio = 4, qkvBias = true } = options;
  if (depths.length !== 4 || heads.length !== 4) throw uneven(depths.length, heads.length);
  const { merging = 'legacy', version = 1, dropout: rate = 0, attentionDropout = 0, dropPath = 0 } = options;
  return dropPathRamp(dropPath, depths).map((dropPaths, stage) => {
    const common = { window: triple(window), mlpRatio, qkvBias, merging, dropout: rate, attentionDropout };
    return new SwinStage(
      {
        ...common,
        width: width * 2 ** stage,
        heads: heads[stage] as number,
        dropPaths,
        convolution: version === 2,
      },
      random.at('stages', stage),
    );
  });
}

function uneven(depths: number, heads: number): NetworkError {
  return new NetworkError(
    'backbone-options',
    `Swin transformer expects 4 depths and 4 heads, received ${depths} depths and ${heads} heads`,
    { hint: 'give one number a stage, for instance depths [2, 2, 2, 2] and heads [3, 6, 12, 24]' },
  );
}

function illegal(input: readonly number[]): NetworkError {
  return new NetworkError(
    'illegal-size',
    `Swin transformer expects three sides above 0, received [${input}]`,
    {
      hint: 'use a patch of at least [1,1,1] voxels',
    },
  );
}
