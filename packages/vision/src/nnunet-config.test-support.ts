import type { Triple } from '@bipvl/nn';
import type { NnUNetOptions } from './blocks/nnunet-parts.js';

/** What the constructors of nnU-Net's networks are given, as a sidecar records it. */
export interface NnUNetConfig {
  readonly input_channels: number;
  readonly n_stages: number;
  readonly features_per_stage: readonly number[];
  readonly kernel_sizes: number | readonly (number | Triple)[];
  readonly strides: readonly (number | Triple)[];
  readonly n_conv_per_stage_decoder: number | readonly number[];
  readonly num_classes: number;
  readonly conv_bias?: boolean;
  readonly norm_op?: string;
  readonly nonlin_kwargs?: { readonly negative_slope?: number };
  readonly deep_supervision?: boolean;
}

/** The options they have in common, in our words. */
export function nnUNetOptions(config: NnUNetConfig): NnUNetOptions {
  return {
    inputChannels: config.input_channels,
    outputChannels: config.num_classes,
    channels: config.features_per_stage,
    kernels: config.kernel_sizes,
    strides: config.strides,
    decoderConvolutions: config.n_conv_per_stage_decoder,
    bias: config.conv_bias ?? false,
    normalisation: config.norm_op?.includes('BatchNorm') ? 'batch' : 'instance',
    activation: { leakyRelu: config.nonlin_kwargs?.negative_slope ?? 0.01 },
    deepSupervision: config.deep_supervision ?? false,
  };
}
