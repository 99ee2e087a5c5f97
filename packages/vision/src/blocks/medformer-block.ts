import {
  type BatchNorm,
  type Context,
  type InstanceNorm,
  type LayerNorm,
  Module,
  type RandomStream,
  type Triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { BidirectionalAttention, type MappedFeatures } from './bidirectional-attention.js';
import { MedFormerFeedForward } from './medformer-feed-forward.js';
import { type MedFormerForm, MedFormerUnit, medFormerNormalisation } from './medformer-unit.js';

export interface MedFormerBlockOptions {
  readonly inputChannels: number;
  /** Of the result, and of the map. */
  readonly outputChannels: number;
  readonly heads: number;
  /** Inner channels of the feed-forward part for each channel. */
  readonly expansion: number;
  /** Sides of the depthwise filters of all projections; without it they are linear. */
  readonly kernel: Triple | undefined;
  readonly form: MedFormerForm;
  /** Whether the map is changed too. */
  readonly returnsMap: boolean;
}

/**
 * The block of MedFormer (Gao et al. 2022): features and map attend to each other after a normalisation each, both beside an identity, then a
 * feed-forward part for the features. Where the channels change, a unit of 1x1x1 stands for the features' identity.
 */
export class MedFormerBlock extends Module {
  readonly featureNormalisation: InstanceNorm | BatchNorm | LayerNorm;
  readonly mapNormalisation: InstanceNorm | BatchNorm | LayerNorm;
  readonly attention: BidirectionalAttention;
  readonly shortcut: MedFormerUnit | undefined;
  readonly feedForward: MedFormerFeedForward;
  readonly #returnsMap: boolean;

  constructor(options: MedFormerBlockOptions, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, heads, form } = options;
    this.featureNormalisation = medFormerNormalisation(form, inputChannels);
    this.mapNormalisation = medFormerNormalisation(form, outputChannels);
    this.attention = new BidirectionalAttention(
      { ...options, mapChannels: outputChannels, headWidth: Math.floor(outputChannels / heads) },
      random.at('attention'),
    );
    this.shortcut =
      inputChannels === outputChannels
        ? undefined
        : new MedFormerUnit({ inputChannels, outputChannels, kernel: 1, form }, random.at('shortcut'));
    this.feedForward = new MedFormerFeedForward(
      { ...options, channels: outputChannels },
      random.at('feedForward'),
    );
    this.#returnsMap = options.returnsMap;
  }

  /** Features [N, D, H, W, I] and map [N, M, 1, 1, O] to features [N, D, H, W, O] and the map. */
  exchange({ features, map }: MappedFeatures, context: Context): MappedFeatures {
    return tf.tidy(() => {
      const changes = this.attention.attend({
        features: this.featureNormalisation.forward(features, context) as tf.Tensor5D,
        map: this.mapNormalisation.forward(map, context) as tf.Tensor5D,
      });
      const identity = this.shortcut ? this.shortcut.forward(features, context) : features;
      return {
        features: this.feedForward.forward(tf.add(changes.features, identity), context),
        map: this.#returnsMap ? tf.add(changes.map, map) : map,
      };
    });
  }
}

/** Blocks in a row, the first of which changes the channels; `returnsMap` is said of the last, the others do. */
export function medFormerBlocks(
  count: number,
  options: MedFormerBlockOptions,
  random: RandomStream,
): MedFormerBlock[] {
  return Array.from({ length: count }, (_, index) => {
    const inputChannels = index === 0 ? options.inputChannels : options.outputChannels;
    const returnsMap = options.returnsMap || index < count - 1;
    return new MedFormerBlock({ ...options, inputChannels, returnsMap }, random.at('attentionBlocks', index));
  });
}

/** Runs blocks one after the other. */
export function exchangeAll(
  blocks: readonly MedFormerBlock[],
  start: MappedFeatures,
  context: Context,
): MappedFeatures {
  return blocks.reduce((current, block) => block.exchange(current, context), start);
}
