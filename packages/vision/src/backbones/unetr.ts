import {
  type Context,
  dropout,
  LayerNorm,
  Module,
  NetworkError,
  normalTensor,
  PatchEmbedding,
  parameter,
  type RandomStream,
  type TransposedConvolution,
  type Triple,
  triple,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Normalisation } from '../blocks/normalised-convolution.js';
import { ResidualDecoder } from '../blocks/residual-decoder.js';
import { TransformerBlock } from '../blocks/transformer-block.js';
import { doubling, type UNETRBlock, unetrBlock } from '../blocks/unetr-block.js';
import type { Encoder, FusionSite, Meet, Pyramid } from '../coupling.js';
import { ConvolutionHead, SegmentationNetwork } from '../segmentation-network.js';

export interface UNETROptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Sides of the images in voxels, multiples of 16: positions are learned, so that a network is for images of one size. */
  readonly imageSides: number | Triple;
  /** Channels of the finest level. Default 16. */
  readonly filters?: number;
  /** Width of the transformer's tokens. Default 768. */
  readonly width?: number;
  /** Hidden width of its MLPs. Default 3072. */
  readonly mlpWidth?: number;
  /** Its attention heads. Default 12. */
  readonly heads?: number;
  /** Of the convolutions. Default 'instance'. */
  readonly normalisation?: Normalisation;
  /** Convolutions between the transposed ones that lead to the skips. Default true. */
  readonly convolutions?: boolean;
  /** Shortcuts beside the convolutions. Default true. */
  readonly residual?: boolean;
  /** Learned bias of queries, keys and values. Default false. */
  readonly qkvBias?: boolean;
  /** Of embeddings, attention and MLPs. Default 0. */
  readonly dropout?: number;
}

/** The options with every default filled in. */
type Settings = Required<Omit<UNETROptions, 'imageSides'>> & { readonly imageSides: Triple };

/** Side of a patch in voxels. */
const patch = 16;

/** Blocks of the transformer between two meetings; their sum is its depth. */
const depths = [4, 3, 3, 2];

/**
 * UNETR (Hatamizadeh et al. 2022): a vision transformer over patches of 16 voxels a side, whose states after blocks 4, 7 and 10 climb to the skips of
 * a convolutional decoder. Text may meet the tokens' grid there and after block 12.
 * @throws NetworkError `backbone-options` where sides are no multiples of 16, `heads-do-not-divide`, `groups-do-not-divide`.
 */
export function createUNETR(options: UNETROptions, random: RandomStream): SegmentationNetwork {
  const settings = withDefaults(options);
  const { filters, width, normalisation, residual, outputChannels } = settings;
  const channels = [8, 4, 2, 1].map((factor) => factor * filters);
  return new SegmentationNetwork({
    encoder: new UNETREncoder(settings, random.at('encoder')),
    decoder: new ResidualDecoder(
      { inputChannels: width, channels, normalisation, residual },
      random.at('decoder'),
    ),
    head: new ConvolutionHead({ inputChannels: filters, outputChannels, kernel: 1 }, random.at('head')),
  });
}

function withDefaults(options: UNETROptions): Settings {
  const imageSides = triple(options.imageSides);
  if (imageSides.some((side) => side < patch || side % patch !== 0)) throw notPatches(imageSides);
  return {
    filters: 16,
    width: 768,
    mlpWidth: 3072,
    heads: 12,
    normalisation: 'instance',
    convolutions: true,
    residual: true,
    qkvBias: false,
    dropout: 0,
    ...options,
    imageSides,
  };
}

class UNETREncoder extends Module implements Encoder {
  readonly embedding: PatchEmbedding;
  /** Learned, one a token: [1, tokens, width]. */
  readonly positions: tf.Variable;
  readonly blocks: TransformerBlock[];
  readonly normalisation: LayerNorm;
  /** Over the image. */
  readonly finest: UNETRBlock;
  /** From the tokens after blocks 4, 7 and 10 to skips, fine to deep. */
  readonly climbs: Climb[];
  readonly sites: readonly FusionSite[];
  readonly skipChannels: readonly number[];
  readonly bottleneckChannels: number;
  readonly #sides: Triple;
  readonly #dropout: number;

  constructor(settings: Settings, random: RandomStream) {
    super();
    const { inputChannels, width, filters, imageSides } = settings;
    const patches = { inputChannels, outputChannels: width, patch };
    this.embedding = new PatchEmbedding(patches, random.at('embedding'));
    const tokens = imageSides.reduce((product, side) => (product * side) / patch, 1);
    this.positions = parameter(normalTensor([1, tokens, width], 0.02, random.at('positions')));
    const depth = depths.reduce((total, blocks) => total + blocks, 0);
    this.blocks = Array.from(
      { length: depth },
      (_, index) =>
        new TransformerBlock({ ...settings, idleNormalisation: true }, random.at('blocks', index)),
    );
    this.normalisation = new LayerNorm({ channels: width });
    this.finest = unetrBlock({ ...settings, outputChannels: filters }, random.at('finest'));
    this.climbs = [2, 1, 0].map((further, index) => {
      const outputChannels = 2 ** (index + 1) * filters;
      return new Climb({ ...settings, outputChannels, further }, random.at('climbs', index));
    });
    this.skipChannels = [1, 2, 4, 8].map((factor) => factor * filters);
    this.bottleneckChannels = width;
    this.#sides = imageSides;
    this.#dropout = settings.dropout;
    this.sites = [4, 7, 10, 12].map((block) => this.#site(block));
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    if (input.join() !== this.#sides.join()) throw illegal(input, this.#sides);
    return input.map((side) => side / patch);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S } {
    const grid = [image.shape[0], ...this.bottleneckExtent(image.shape.slice(1, 4)), this.bottleneckChannels];
    return tf.tidy(() => {
      const taps: tf.Tensor[] = [];
      let current = { features: this.#embed(image as tf.Tensor5D, context), state };
      for (const [site, depth] of depths.entries()) {
        current = tf.tidy(() => {
          const first = depths.slice(0, site).reduce((total, blocks) => total + blocks, 0);
          const features = tf.reshape(this.#run(first, depth, current.features, context), grid);
          return meet ? meet(site, features, current.state) : { features, state: current.state };
        });
        taps.push(current.features);
      }
      const bottleneck = this.normalisation.forward(taps.pop() as tf.Tensor);
      const skips = this.climbs.map((climb, index) => climb.forward(taps[index] as tf.Tensor5D, context));
      const finest = this.finest.forward(image as tf.Tensor5D, context);
      return { pyramid: { skips: [finest, ...skips], bottleneck, extra: {} }, state: current.state };
    });
  }

  #site(block: number): FusionSite {
    const extent = (input: readonly number[]) => this.bottleneckExtent(input);
    return { name: `block ${block}`, kind: 'grid', channels: this.bottleneckChannels, prefix: 0, extent };
  }

  /** Tokens [N, T, width] with their positions. */
  #embed(image: tf.Tensor5D, context: Context): tf.Tensor {
    return tf.tidy(() => {
      const [, tokens, width] = this.positions.shape as [number, number, number];
      const embedded = tf.reshape(this.embedding.forward(image), [-1, tokens, width]);
      return dropout(tf.add(embedded, this.positions), this.#dropout, within(context, 'embedding'));
    });
  }

  #run(first: number, depth: number, features: tf.Tensor, context: Context): tf.Tensor {
    const [, tokens, width] = this.positions.shape as [number, number, number];
    const start = tf.reshape(features, [-1, tokens, width]) as tf.Tensor3D;
    return this.blocks
      .slice(first, first + depth)
      .reduce((x, block, index) => block.forward(x, within(context, 'blocks', first + index)), start);
  }
}

interface ClimbOptions extends Omit<Settings, 'outputChannels'> {
  readonly outputChannels: number;
  /** Doublings of the sides after the first. */
  readonly further: number;
}

/** From the grid of tokens to a finer one, by transposed convolutions with or without a block after each but the first. */
class Climb extends Module {
  readonly first: TransposedConvolution;
  readonly further: ClimbStep[];

  constructor(options: ClimbOptions, random: RandomStream) {
    super();
    const { width, outputChannels, further } = options;
    this.first = doubling(width, outputChannels, random.at('first'));
    this.further = Array.from(
      { length: further },
      (_, index) => new ClimbStep(options, random.at('further', index)),
    );
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => this.further.reduce((y, step) => step.forward(y, context), this.first.forward(x)));
  }
}

class ClimbStep extends Module {
  readonly upsample: TransposedConvolution;
  readonly refine: UNETRBlock | undefined;

  constructor(options: ClimbOptions, random: RandomStream) {
    super();
    const { outputChannels, convolutions } = options;
    this.upsample = doubling(outputChannels, outputChannels, random.at('upsample'));
    this.refine = convolutions
      ? unetrBlock({ ...options, inputChannels: outputChannels }, random.at('refine'))
      : undefined;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const y = this.upsample.forward(x);
      return this.refine ? this.refine.forward(y, context) : y;
    });
  }
}

function notPatches(sides: Triple): NetworkError {
  const nearest = sides.map((side) => Math.max(1, Math.round(side / patch)) * patch);
  return new NetworkError(
    'backbone-options',
    `UNETR expects image sides that are multiples of ${patch}, received [${sides}]`,
    { hint: `use imageSides [${nearest}]` },
  );
}

function illegal(input: readonly number[], sides: Triple): NetworkError {
  return new NetworkError(
    'illegal-size',
    `UNETR was built for images of [${sides}] voxels, received [${input}]`,
    { hint: `use a patch of [${sides}] voxels, or build it with other imageSides, multiples of ${patch}` },
  );
}
