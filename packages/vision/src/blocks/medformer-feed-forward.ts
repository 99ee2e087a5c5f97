import { type Context, Module, type RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type MedFormerForm, MedFormerUnit } from './medformer-unit.js';
import { SqueezeExcitation } from './squeeze-excitation.js';

export interface MedFormerFeedForwardOptions {
  readonly channels: number;
  /** Inner channels for each channel. */
  readonly expansion: number;
  /** Sides of the depthwise filters; without it there are none. */
  readonly kernel: Triple | undefined;
  readonly form: MedFormerForm;
}

/**
 * What follows attention in place of an MLP: x + project(excite(depthwise(expand(x)))), the inverted residual of Sandler et al. (2018) in
 * pre-activated units; the last one has no activation. [N, D, H, W, C] to the same.
 */
export class MedFormerFeedForward extends Module {
  readonly expand: MedFormerUnit;
  readonly depthwise: MedFormerUnit | undefined;
  readonly excitation: SqueezeExcitation;
  readonly project: MedFormerUnit;

  constructor({ channels, expansion, kernel, form }: MedFormerFeedForwardOptions, random: RandomStream) {
    super();
    const inner = expansion * channels;
    this.expand = new MedFormerUnit(
      { inputChannels: channels, outputChannels: inner, kernel: 1, form },
      random.at('expand'),
    );
    this.depthwise = kernel
      ? new MedFormerUnit(
          { inputChannels: inner, outputChannels: inner, kernel, depthwise: true, form },
          random.at('depthwise'),
        )
      : undefined;
    this.excitation = new SqueezeExcitation(inner, random.at('excitation'));
    this.project = new MedFormerUnit(
      { inputChannels: inner, outputChannels: channels, kernel: 1, activated: false, form },
      random.at('project'),
    );
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const expanded = this.expand.forward(x, context);
      const seen = this.depthwise ? this.depthwise.forward(expanded, context) : expanded;
      return tf.add(x, this.project.forward(this.excitation.forward(seen), context));
    });
  }
}
