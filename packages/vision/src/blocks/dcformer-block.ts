import { type Context, Mlp, Module, parameter, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { DecomposedConvolution } from './decomposed-convolution.js';
import type { Normalisation } from './normalised-convolution.js';

export interface DCFormerBlockOptions {
  readonly channels: number;
  /** Voxels along each line of the mixer, odd. */
  readonly kernel: number;
  readonly normalisation: Normalisation;
  /** What every channel of the block's change is multiplied by at first. */
  readonly layerScale: number;
  /** Adds the input to the mixer too, as a summary of the paper has it; the released network does not. */
  readonly residualMixer: boolean;
}

/**
 * The block of DCFormer (Ates et al. 2025): a decomposed depthwise convolution that mixes voxels, then an MLP of four times the channels that mixes
 * channels, scaled a channel and added to the input: [N, D, H, W, C] to the same.
 */
export class DCFormerBlock extends Module {
  readonly mixer: DecomposedConvolution;
  readonly mlp: Mlp;
  /** One a channel: [C]. */
  readonly layerScale: tf.Variable;
  readonly #residualMixer: boolean;

  constructor(options: DCFormerBlockOptions, random: RandomStream) {
    super();
    const { channels } = options;
    this.mixer = new DecomposedConvolution(
      { ...options, inputChannels: channels, outputChannels: channels, depthwise: true },
      random.at('mixer'),
    );
    this.mlp = new Mlp({ width: channels, hidden: 4 * channels, activation: 'gelu' }, random.at('mlp'));
    this.layerScale = parameter(tf.fill([channels], options.layerScale));
    this.#residualMixer = options.residualMixer;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const mixed = this.mixer.forward(x, context);
      const beside = this.#residualMixer ? tf.add(x, mixed) : x;
      const change = this.mlp.forward(this.#residualMixer ? beside : mixed);
      return tf.add(beside, tf.mul(change, this.layerScale)) as tf.Tensor5D;
    });
  }
}
