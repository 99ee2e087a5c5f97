import { type Context, Convolution, Module, type RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { MappedFeatures } from './bidirectional-attention.js';
import { exchangeAll, type MedFormerBlock, medFormerBlocks } from './medformer-block.js';
import { MedFormerMerging } from './medformer-merging.js';
import { MedFormerResidualBlock, medFormerResidualBlocks, runBlocks } from './medformer-residual-block.js';
import type { MedFormerSettings } from './medformer-settings.js';
import { SemanticMap } from './semantic-map.js';

/** The first level: a convolution without bias and a residual block, at the size of the image. */
export class MedFormerStem extends Module {
  readonly convolution: Convolution;
  readonly block: MedFormerResidualBlock;

  constructor({ inputChannels, channels, kernels, form }: MedFormerSettings, random: RandomStream) {
    super();
    const outputChannels = channels[0] as number;
    const kernel = kernels[0] as Triple;
    this.convolution = new Convolution(
      { inputChannels, outputChannels, kernel, bias: false },
      random.at('convolution'),
    );
    this.block = new MedFormerResidualBlock(
      { inputChannels: outputChannels, outputChannels, kernel, form },
      random.at('block'),
    );
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => this.block.forward(this.convolution.forward(x), context));
  }
}

/** The second level: merging and residual blocks. */
export class MedFormerFineLevel extends Module {
  readonly merging: MedFormerMerging;
  readonly blocks: MedFormerResidualBlock[];

  constructor(settings: MedFormerSettings, random: RandomStream) {
    super();
    // The release has a filter a channel here, whatever it is told about projections.
    this.merging = mergingInto(1, settings, settings.kernels[1], random);
    this.blocks = residualBlocksOf(1, settings, random);
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => runBlocks(this.blocks, this.merging.forward(x, context), context));
  }
}

/** A deeper level: merging, residual blocks, and attention between its voxels and a map of them. */
export class MedFormerCoarseLevel extends Module {
  readonly merging: MedFormerMerging;
  readonly blocks: MedFormerResidualBlock[];
  readonly map: SemanticMap;
  readonly attentionBlocks: MedFormerBlock[];

  /** `level` counts from the image's size on: 2, 3 or 4. */
  constructor(level: number, settings: MedFormerSettings, random: RandomStream) {
    super();
    const channels = settings.channels[level] as number;
    const kernel = settings.projection === 'depthwise' ? settings.kernels[level] : undefined;
    this.merging = mergingInto(level, settings, kernel, random);
    this.blocks = residualBlocksOf(level, settings, random);
    this.map = new SemanticMap({ channels, tokens: settings.mapTokens }, random.at('map'));
    this.attentionBlocks = medFormerBlocks(
      settings.attentionDown[level - 2] as number,
      {
        inputChannels: channels,
        outputChannels: channels,
        heads: settings.headsDown[level - 2] as number,
        expansion: settings.expansion,
        kernel,
        form: settings.form,
        returnsMap: true,
      },
      random,
    );
  }

  /** Features of the level above to those of this one and their map. */
  descend(x: tf.Tensor5D, context: Context): MappedFeatures {
    return tf.tidy(() => {
      const features = runBlocks(this.blocks, this.merging.forward(x, context), context);
      const start = { features, map: this.map.forward(features) };
      return exchangeAll(this.attentionBlocks, start, context);
    });
  }
}

function mergingInto(
  level: number,
  { channels, strides, form }: MedFormerSettings,
  kernel: Triple | undefined,
  random: RandomStream,
): MedFormerMerging {
  const [inputChannels, outputChannels] = [channels[level - 1] as number, channels[level] as number];
  const stride = strides[level] as Triple;
  return new MedFormerMerging({ inputChannels, outputChannels, stride, kernel, form }, random.at('merging'));
}

function residualBlocksOf(
  level: number,
  { channels, kernels, blocksDown, form }: MedFormerSettings,
  random: RandomStream,
): MedFormerResidualBlock[] {
  const width = channels[level] as number;
  const options = { inputChannels: width, outputChannels: width, kernel: kernels[level] as Triple, form };
  return medFormerResidualBlocks(blocksDown[level - 1] as number, options, random);
}
