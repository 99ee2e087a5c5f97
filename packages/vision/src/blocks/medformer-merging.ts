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
import { type MedFormerForm, medFormerNormalisation } from './medformer-unit.js';
import { SeparableConvolution } from './separable-convolution.js';
import { spaceToDepth } from './space-to-depth.js';

export interface MedFormerMergingOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly stride: Triple;
  /** Sides of the depthwise filters; without it there are none. */
  readonly kernel: Triple | undefined;
  readonly form: MedFormerForm;
}

/** Joins the voxels of each block in the channels, normalises and projects them: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O]. */
export class MedFormerMerging extends Module {
  readonly normalisation: InstanceNorm | BatchNorm | LayerNorm;
  readonly reduction: SeparableConvolution;
  readonly #stride: Triple;

  constructor(options: MedFormerMergingOptions, random: RandomStream) {
    super();
    const { stride, form } = options;
    const inputChannels = options.inputChannels * stride[0] * stride[1] * stride[2];
    this.normalisation = medFormerNormalisation(form, inputChannels);
    this.reduction = new SeparableConvolution({ ...options, inputChannels }, random.at('reduction'));
    this.#stride = stride;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const merged = spaceToDepth(x, this.#stride);
      return this.reduction.forward(this.normalisation.forward(merged, context) as tf.Tensor5D);
    });
  }
}
