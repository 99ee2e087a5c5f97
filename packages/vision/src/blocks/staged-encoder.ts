import { type Context, Module, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Encoder, FusionSite, Meet, Pyramid } from '../coupling.js';
import { RoundedGrids } from './rounded-grids.js';
import { StageGrids } from './stage-grids.js';

/** Part of an encoder: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O]. */
export interface Stage extends Module {
  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D;
}

/** What a staged encoder is made of. */
export interface StagedEncoderParts {
  /** The network's name in an error. */
  readonly network: string;
  /** Channels and stride of each stage, fine to deep. */
  readonly channels: readonly number[];
  readonly strides: readonly Triple[];
  /** Takes sides that the strides do not divide: its stages round up. Default false. */
  readonly roundsUp?: boolean;
  /** Runs before the first stage and keeps the sides. */
  readonly stem?: Stage;
  readonly stages: readonly Stage[];
  /** Voxels that the bottleneck must have: 2 where PyTorch's instance norm would refuse one. Default 1. */
  readonly leastVoxels?: 1 | 2;
}

/** How many stages text may meet: the deepest of them. */
const meetings = 4;

/** Stages one after the other; all but the last hand over a skip. The four deepest are sites. */
export class StagedEncoder extends Module implements Encoder {
  readonly stem: Stage | undefined;
  readonly stages: readonly Stage[];
  readonly sites: readonly FusionSite[];
  readonly skipChannels: readonly number[];
  readonly bottleneckChannels: number;
  readonly #grids: StageGrids;

  constructor(parts: StagedEncoderParts) {
    super();
    const { network, channels, strides, stem, stages, leastVoxels, roundsUp = false } = parts;
    this.stem = stem;
    this.stages = stages;
    this.#grids = roundsUp
      ? new RoundedGrids(network, strides)
      : new StageGrids(network, strides, leastVoxels);
    const first = Math.max(0, stages.length - meetings);
    this.sites = channels.slice(first).map((width, index) => this.#grids.site(first + index, width));
    this.skipChannels = channels.slice(0, -1);
    this.bottleneckChannels = channels.at(-1) as number;
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#grids.extent(this.stages.length - 1, input);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S } {
    this.bottleneckExtent(image.shape.slice(1, 4));
    const outputs: tf.Tensor[] = [];
    let current = { features: image, state };
    for (const [index, stage] of this.stages.entries()) {
      current = tf.tidy(() => {
        const features = stage.forward(this.#into(index, current.features as tf.Tensor5D, context), context);
        const site = index - (this.stages.length - this.sites.length);
        return meet && site >= 0 ? meet(site, features, current.state) : { features, state: current.state };
      });
      outputs.push(current.features);
    }
    return {
      pyramid: { skips: outputs.slice(0, -1), bottleneck: current.features, extra: {} },
      state: current.state,
    };
  }

  #into(stage: number, features: tf.Tensor5D, context: Context): tf.Tensor5D {
    return stage === 0 && this.stem ? this.stem.forward(features, context) : features;
  }
}
