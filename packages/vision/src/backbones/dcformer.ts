import { type Context, Convolution, gelu, Module, maxPool, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { DCFormerBlock } from '../blocks/dcformer-block.js';
import {
  type DCFormerSettings,
  type DCFormerShape,
  dcFormerSettings,
  dcFormerStrides,
} from '../blocks/dcformer-settings.js';
import { DecomposedConvolution } from '../blocks/decomposed-convolution.js';
import { type Stage, StagedEncoder } from '../blocks/staged-encoder.js';

export interface DCFormerOptions extends DCFormerShape {
  readonly inputChannels: number;
}

/**
 * DCFormer (Ates et al. 2025, arXiv 2502.05091), the image encoder of a vision-language model: a stem of dense convolutions along lines, then four stages that
 * halve the sides, rounded up, and mix voxels by long depthwise lines. Takes images of any size. Text may meet what each of the four stages yields.
 * @throws NetworkError `backbone-options` where lists do not go together or a kernel is even.
 */
export function createDCFormer(options: DCFormerOptions, random: RandomStream): DCFormer {
  return new DCFormer(options, random);
}

/** See `createDCFormer`. Skips are what the stem and all stages but the last yield, the bottleneck is what the last does. */
export class DCFormer extends StagedEncoder {
  constructor(options: DCFormerOptions, random: RandomStream) {
    const settings = dcFormerSettings(options);
    const { channels } = settings;
    const stem = new Stem(settings, options.inputChannels, random.at('stages', 0));
    const further = channels
      .slice(1)
      .map((_, index) => new DCFormerStage(settings, index + 1, random.at('stages', index + 1)));
    super({
      network: 'DCFormer',
      channels,
      strides: dcFormerStrides(settings),
      roundsUp: true,
      stages: [stem, ...further],
    });
  }

  /** One vector an image, the mean of the last stage over its voxels: [N, D, H, W, C] to [N, channels of the last stage]. */
  embed(image: tf.Tensor, context: Context): tf.Tensor2D {
    return tf.tidy(() => tf.mean(this.encode(image, context, {}).pyramid.bottleneck, [1, 2, 3]));
  }
}

/** Four decomposed convolutions, of which the first alone sees further and has the stride. */
class Stem extends Module implements Stage {
  readonly layers: DecomposedConvolution[];
  readonly #activates: boolean;

  constructor(settings: DCFormerSettings, inputChannels: number, random: RandomStream) {
    super();
    const { channels, normalisation, stemStride: stride } = settings;
    const outputChannels = channels[0] as number;
    const first = { inputChannels, outputChannels, kernel: 7, stride, normalisation };
    const further = { inputChannels: outputChannels, outputChannels, kernel: 3, normalisation };
    this.layers = [first, further, further, further].map(
      (layer, index) => new DecomposedConvolution(layer, random.at('layers', index)),
    );
    this.#activates = settings.stemActivation === 'gelu';
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() =>
      this.layers.reduce((features, layer) => {
        const y = layer.forward(features, context);
        return this.#activates ? (gelu(y) as tf.Tensor5D) : y;
      }, x),
    );
  }
}

/** Half the sides by pooling and other channels, then blocks that keep both. */
class DCFormerStage extends Module implements Stage {
  readonly projection: Convolution;
  readonly blocks: DCFormerBlock[];

  constructor(settings: DCFormerSettings, stage: number, random: RandomStream) {
    super();
    const [inputChannels, channels] = settings.channels.slice(stage - 1) as [number, number];
    this.projection = new Convolution(
      { inputChannels, outputChannels: channels, kernel: 1, bias: false },
      random.at('projection'),
    );
    const kernel = settings.kernels[stage - 1] as number;
    this.blocks = Array.from(
      { length: settings.blocks[stage - 1] as number },
      (_, index) => new DCFormerBlock({ ...settings, channels, kernel }, random.at('blocks', index)),
    );
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const pooled = maxPool(x, [3, 3, 3], { stride: [2, 2, 2], padding: [1, 1, 1] });
      const projected = this.projection.forward(pooled);
      return this.blocks.reduce((features, block) => block.forward(features, context), projected);
    });
  }
}
