import { type Context, Module, type RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type MedFormerForm, MedFormerUnit } from './medformer-unit.js';

export interface MedFormerResidualBlockOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: Triple;
  readonly form: MedFormerForm;
}

/**
 * y = unit(unit(x)) + x; where the channels change, a third unit with the same kernel in place of the identity (He et al. 2016):
 * [N, D, H, W, I] to [N, D, H, W, O].
 */
export class MedFormerResidualBlock extends Module {
  readonly first: MedFormerUnit;
  readonly second: MedFormerUnit;
  readonly shortcut: MedFormerUnit | undefined;
  /** Without a learned scale and shift the third unit's convolution sees what the first's does, which is then made and kept once. */
  readonly #isAlike: boolean;

  constructor(options: MedFormerResidualBlockOptions, random: RandomStream) {
    super();
    const { inputChannels, outputChannels } = options;
    this.first = new MedFormerUnit(options, random.at('first'));
    this.second = new MedFormerUnit({ ...options, inputChannels: outputChannels }, random.at('second'));
    this.shortcut =
      inputChannels === outputChannels ? undefined : new MedFormerUnit(options, random.at('shortcut'));
    this.#isAlike = options.form.normalisation === 'instance';
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const prepared = this.first.prepare(x, context);
      const through = this.second.forward(this.first.convolution.forward(prepared), context);
      return tf.add(through, this.#beside(x, prepared, context));
    });
  }

  #beside(x: tf.Tensor5D, prepared: tf.Tensor5D, context: Context): tf.Tensor5D {
    if (this.shortcut === undefined) return x;
    return this.shortcut.convolution.forward(this.#isAlike ? prepared : this.shortcut.prepare(x, context));
  }
}

/** Blocks in a row, the first of which changes the channels. */
export function medFormerResidualBlocks(
  count: number,
  options: MedFormerResidualBlockOptions,
  random: RandomStream,
): MedFormerResidualBlock[] {
  const further = { ...options, inputChannels: options.outputChannels };
  return Array.from(
    { length: count },
    (_, index) => new MedFormerResidualBlock(index === 0 ? options : further, random.at('blocks', index)),
  );
}

/** Runs blocks one after the other. */
export function runBlocks(
  blocks: readonly MedFormerResidualBlock[],
  x: tf.Tensor5D,
  context: Context,
): tf.Tensor5D {
  return blocks.reduce((features, block) => block.forward(features, context), x);
}
