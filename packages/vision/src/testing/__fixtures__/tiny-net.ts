import { Module, type RandomStream, TransposedConvolution } from '@bipvl/nn';
import type { Decoded, Decoder, Pyramid } from '@bipvl/vision';
import { ConvolutionHead, NormalisedConvolution, SegmentationNetwork, StagedEncoder } from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';

export interface TinyNetOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Channels of each stage, fine to deep; every stage but the first halves the sides. Default [8, 16, 32]. */
  readonly channels?: readonly number[];
}

/** A U-Net of one convolution a stage. Text may meet the four deepest stages. */
export function createTinyNet(options: TinyNetOptions, random: RandomStream): SegmentationNetwork {
  const { inputChannels, outputChannels, channels = [8, 16, 32] } = options;
  const strides = channels.map((_, stage) => (stage === 0 ? ([1, 1, 1] as const) : ([2, 2, 2] as const)));
  const stages = channels.map((width, stage) => {
    const sizes = { inputChannels: channels[stage - 1] ?? inputChannels, outputChannels: width, kernel: 3 };
    const form = { normalisation: 'instance', activation: { leakyRelu: 0.01 }, bias: false } as const;
    const stride = strides[stage] ?? 1;
    return new NormalisedConvolution({ ...sizes, ...form, stride }, random.at('encoder', stage));
  });
  const head = { inputChannels: channels[0] ?? 0, outputChannels, kernel: 1 };
  return new SegmentationNetwork({
    encoder: new StagedEncoder({ network: 'TinyNet', channels, strides, stages }),
    decoder: new TinyDecoder(channels, random.at('decoder')),
    head: new ConvolutionHead(head, random.at('head')),
  });
}

/** Doubles the sides and adds the skip, level by level. */
class TinyDecoder extends Module implements Decoder {
  /** Deep to fine. */
  readonly ups: TransposedConvolution[];

  constructor(channels: readonly number[], random: RandomStream) {
    super();
    this.ups = channels.slice(1).map((_, level) => {
      const [outputChannels = 0, inputChannels = 0] = channels.slice(-2 - level);
      const options = { inputChannels, outputChannels, kernel: 2, stride: 2 };
      return new TransposedConvolution(options, random.at(level));
    });
  }

  decode({ skips, bottleneck, extra }: Pyramid): Decoded {
    const levels: tf.Tensor[] = [];
    for (const [level, up] of this.ups.entries()) {
      const below = (levels.at(-1) ?? bottleneck) as tf.Tensor5D;
      levels.push(tf.tidy(() => tf.relu(tf.add(up.forward(below), skips.at(-1 - level) as tf.Tensor))));
    }
    return { levels, extra };
  }
}
