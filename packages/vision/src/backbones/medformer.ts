import { Convolution, Module, type RandomStream, resize, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { MedFormerDecoder } from '../blocks/medformer-decoder.js';
import { MedFormerEncoder } from '../blocks/medformer-encoder.js';
import {
  type MedFormerOptions,
  type MedFormerSettings,
  medFormerSettings,
} from '../blocks/medformer-settings.js';
import type { Decoded, Head, Prediction } from '../coupling.js';
import { SegmentationNetwork } from '../segmentation-network.js';

/**
 * MedFormer (Gao et al. 2022, arXiv 2203.00131): convolutions at the fine levels, and at the coarse ones attention between the voxels and a few
 * tokens that sum each level up, the semantic map; a transformer joins the maps of all levels. Text may meet the three deepest levels and
 * the joined tokens, [N, T, C], which go to the decoder.
 * @throws NetworkError `backbone-options` where lists do not go together, `heads-do-not-divide` where channels and heads do not.
 */
export function createMedFormer(options: MedFormerOptions, random: RandomStream): SegmentationNetwork {
  const settings = medFormerSettings(options);
  return new SegmentationNetwork({
    encoder: new MedFormerEncoder(settings, random.at('encoder')),
    decoder: new MedFormerDecoder(settings, random.at('decoder')),
    head: new MedFormerHead(settings, random.at('head')),
  });
}

/** 1x1x1 convolutions to the logits, and from the last level with attention to auxiliary ones, which are enlarged to the image's size. */
class MedFormerHead extends Module implements Head {
  readonly convolution: Convolution;
  readonly auxiliary: Convolution | undefined;

  constructor({ channels, outputChannels, deepSupervision }: MedFormerSettings, random: RandomStream) {
    super();
    const from = (level: number) => ({ inputChannels: channels[level] as number, outputChannels, kernel: 1 });
    this.convolution = new Convolution(from(0), random.at('convolution'));
    this.auxiliary = deepSupervision ? new Convolution(from(2), random.at('auxiliary')) : undefined;
  }

  predict({ levels, extra }: Decoded): Prediction {
    return tf.tidy(() => {
      const logits = this.convolution.forward(levels.at(-1) as tf.Tensor5D);
      const sides = logits.shape.slice(1, 4) as unknown as Triple;
      const coarse = this.auxiliary?.forward(levels[1] as tf.Tensor5D);
      return { logits, auxiliary: coarse ? [resize(coarse, sides, 'trilinear-corners')] : [], extra };
    });
  }
}
