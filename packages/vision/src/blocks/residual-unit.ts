import { type Context, Convolution, Module, type RandomStream, triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  createNormalisation,
  type NormalisationLayer,
  NormalisedConvolution,
  type NormalisedConvolutionOptions,
} from './normalised-convolution.js';

export interface ResidualUnitOptions extends Omit<NormalisedConvolutionOptions, 'transposed'> {
  /** Convolutions in a row; the first has the stride. */
  readonly subunits: number;
  /** The last convolution goes without normalisation and activation. Default false. */
  readonly lastIsBare?: boolean;
  /**
   * Normalises the shortcut's convolution too. MONAI does not; the features then grow from level to level, and what joins them on the way
   * (text) makes them grow faster. Default false.
   */
  readonly normaliseShortcut?: boolean;
}

/**
 * y = units(x) + shortcut(x); the shortcut is the identity, or a convolution where stride or channels change (MONAI's ResidualUnit, after
 * Kerfoot et al. 2018). [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O].
 */
export class ResidualUnit extends Module {
  readonly units: NormalisedConvolution[];
  readonly last: Convolution | undefined;
  readonly shortcut: Convolution | undefined;
  readonly shortcutNormalisation: NormalisationLayer | undefined;

  constructor(options: ResidualUnitOptions, random: RandomStream) {
    super();
    const normalised = options.lastIsBare ? options.subunits - 1 : options.subunits;
    const unit = (index: number) =>
      index === 0 ? options : { ...options, inputChannels: options.outputChannels, stride: 1 };
    this.units = Array.from(
      { length: normalised },
      (_, i) => new NormalisedConvolution(unit(i), random.at('units', i)),
    );
    this.last = options.lastIsBare
      ? new Convolution({ ...unit(normalised), bias: options.bias !== false }, random.at('last'))
      : undefined;
    this.shortcut = createShortcut(options, random.at('shortcut'));
    this.shortcutNormalisation =
      this.shortcut && options.normaliseShortcut ? createNormalisation(options) : undefined;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const through = this.units.reduce((features, unit) => unit.forward(features, context), x);
      const y = this.last ? this.last.forward(through) : through;
      return tf.add(y, this.#alongside(x, context));
    });
  }

  #alongside(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    const y = this.shortcut ? this.shortcut.forward(x) : x;
    return this.shortcutNormalisation ? (this.shortcutNormalisation.forward(y, context) as tf.Tensor5D) : y;
  }
}

function createShortcut(options: ResidualUnitOptions, random: RandomStream): Convolution | undefined {
  const { inputChannels, outputChannels, stride } = options;
  const bias = options.normaliseShortcut ? options.bias === true : options.bias !== false;
  const strided = triple(stride).some((step) => step !== 1);
  if (!strided && inputChannels === outputChannels) return undefined;
  return new Convolution(
    { inputChannels, outputChannels, kernel: strided ? options.kernel : 1, stride, bias },
    random,
  );
}
