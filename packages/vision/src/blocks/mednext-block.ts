import {
  Convolution,
  DepthwiseConvolution,
  gelu,
  InstanceNorm,
  Module,
  type RandomStream,
  TransposedConvolution,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface MedNeXtBlockOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Inner channels for each input channel. */
  readonly expansion: number;
  /** Side of the depthwise filters, odd. */
  readonly kernel: number;
  /** Adds the input, or where the sides change a convolution of it by 1x1x1. */
  readonly residual: boolean;
  /** 'down' halves the sides, 'up' doubles them. Default 'keep'. */
  readonly sides?: 'keep' | 'down' | 'up';
}

/**
 * The block of MedNeXt (Roy et al. 2023): a depthwise convolution, which alone sees neighbours and alone has a stride, a norm of each channel
 * (group norm with a group a channel), then 1x1x1 to `expansion` times the channels, GELU, and 1x1x1 to the output's.
 */
export class MedNeXtBlock extends Module {
  readonly depthwise: DepthwiseConvolution;
  readonly normalisation: InstanceNorm;
  readonly expand: Convolution;
  readonly contract: Convolution;
  readonly shortcut: Convolution | TransposedConvolution | undefined;
  readonly #adds: boolean;
  readonly #doubles: boolean;

  constructor(options: MedNeXtBlockOptions, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, expansion, kernel, residual, sides = 'keep' } = options;
    const inner = expansion * inputChannels;
    this.#doubles = sides === 'up';
    this.#adds = residual;
    const stride = sides === 'keep' ? 1 : 2;
    this.depthwise = new DepthwiseConvolution(
      { channels: inputChannels, kernel, stride, transposed: this.#doubles },
      random.at('depthwise'),
    );
    this.normalisation = new InstanceNorm({ channels: inputChannels, affine: true });
    this.expand = new Convolution({ inputChannels, outputChannels: inner, kernel: 1 }, random.at('expand'));
    this.contract = new Convolution(
      { inputChannels: inner, outputChannels, kernel: 1 },
      random.at('contract'),
    );
    const shortcut = { inputChannels, outputChannels, kernel: 1, stride };
    const Shortcut = this.#doubles ? TransposedConvolution : Convolution;
    this.shortcut = residual && sides !== 'keep' ? new Shortcut(shortcut, random.at('shortcut')) : undefined;
  }

  /** [N, D, H, W, I] to [N, D, H, W, O], with half or twice the sides where the block changes them. */
  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const seen = this.normalisation.forward(this.depthwise.forward(x));
      const through = this.contract.forward(gelu(this.expand.forward(seen)) as tf.Tensor5D);
      const y: tf.Tensor5D = this.#adds
        ? tf.add(through, this.shortcut ? this.shortcut.forward(x) : x)
        : through;
      return this.#doubles ? leadingZeros(y) : y;
    });
  }
}

/** A transposed convolution of stride 2 gives 2 n - 1 voxels a side; the one it lacks is a zero at the near end. */
function leadingZeros(x: tf.Tensor5D): tf.Tensor5D {
  const margin: [number, number] = [1, 0];
  return tf.pad(x, [[0, 0], margin, margin, margin, [0, 0]]);
}
