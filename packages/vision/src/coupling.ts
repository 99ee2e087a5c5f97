import type { Context, Module, TextState } from '@bipvl/nn';
import type * as tf from '@tensorflow/tfjs-core';

/** Where text may meet vision: a grid [N, D, H, W, C], or tokens [N, T, C] (a ViT with `prefix` class tokens, a semantic map). */
export interface FusionSite {
  readonly name: string;
  readonly kind: 'grid' | 'tokens';
  readonly channels: number;
  /** Tokens before the grid's own, such as a class token. */
  readonly prefix: number;
  /** Sides of the grid, or [tokens], for an image of these sides in voxels. */
  extent(input: readonly number[]): readonly number[];
}

/** Lets something meet the features of site `site`; features and state come back changed and flow on. Never a closure over tensors. */
export type Meet<S extends tf.TensorContainer> = (
  site: number,
  features: tf.Tensor,
  state: S,
) => { features: tf.Tensor; state: S };

// These three are types, not interfaces, so that `tf.tidy` may return them.

/** What an encoder yields: skips after fusion, fine to deep, and the bottleneck. */
export type Pyramid = {
  readonly skips: tf.Tensor[];
  readonly bottleneck: tf.Tensor;
  readonly extra: tf.NamedTensorMap;
};

/** What a decoder yields: levels deep to fine; the last is full size. */
export type Decoded = {
  readonly levels: tf.Tensor[];
  readonly extra: tf.NamedTensorMap;
};

/** Logits [N, D, H, W, classes]; `auxiliary` are deep-supervision logits, fine to deep. */
export type Prediction = {
  readonly logits: tf.Tensor;
  readonly auxiliary: tf.Tensor[];
  readonly extra: tf.NamedTensorMap;
};

/** Knows nothing about text: publishes its sites and calls `meet` there. */
export interface Encoder extends Module {
  readonly sites: readonly FusionSite[];
  /** Channels of each skip, fine to deep. Left out where a bridge may not change what the decoder gets. */
  readonly skipChannels?: readonly number[];
  /** Channels of the bottleneck. */
  readonly bottleneckChannels: number;
  /** Sides of the bottleneck's grid for an image of these sides in voxels; throws NetworkError when the sides are not legal. */
  bottleneckExtent(input: readonly number[]): readonly number[];
  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S };
}

/** Changes the skips between encoder and decoder. */
export interface Bridge extends Module {
  connect(pyramid: Pyramid, context: Context, text?: TextState): Pyramid;
}

/** Joins the levels of a pyramid from deep to fine. */
export interface Decoder extends Module {
  decode(pyramid: Pyramid, context: Context): Decoded;
}

/** Turns decoded features into logits. */
export interface Head extends Module {
  predict(decoded: Decoded, pyramid: Pyramid, context: Context, text?: TextState): Prediction;
}

/** A segmentation network in parts; `forward` is what a vision-only user calls. */
export interface Backbone extends Module {
  readonly encoder: Encoder;
  readonly bridge?: Bridge;
  readonly decoder: Decoder;
  readonly head: Head;
  forward(image: tf.Tensor, context: Context): Prediction;
}
