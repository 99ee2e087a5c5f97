import type { DCFormerUNetOptions } from './backbones/dcformer-unet.js';
import type { DynUNetOptions } from './backbones/dynunet.js';
import type { MedNeXtOptions } from './backbones/mednext.js';
import type { NnFormerOptions } from './backbones/nnformer.js';
import type { NnUNetPlainOptions } from './backbones/nnunet-plain.js';
import type { NnUNetResidualEncoderOptions } from './backbones/nnunet-residual-encoder.js';
import type { SegResNetOptions } from './backbones/segresnet.js';
import type { STUNetOptions } from './backbones/stunet.js';
import type { SwinUNETROptions } from './backbones/swin-unetr.js';
import type { UNetOptions } from './backbones/unet.js';
import type { UNetPlusPlusOptions } from './backbones/unet-plusplus.js';
import type { UNETROptions } from './backbones/unetr.js';
import type { MedFormerOptions } from './blocks/medformer-settings.js';
import type { BridgeConfiguration } from './bridge-options.js';

/** Options of each backbone by its name in a configuration. */
export interface BackboneOptions {
  readonly unet: UNetOptions;
  readonly 'nnunet-plain': NnUNetPlainOptions;
  readonly 'nnunet-residual-encoder': NnUNetResidualEncoderOptions;
  readonly dynunet: DynUNetOptions;
  readonly segresnet: SegResNetOptions;
  readonly 'unet-plusplus': UNetPlusPlusOptions;
  readonly mednext: MedNeXtOptions;
  readonly 'swin-unetr': SwinUNETROptions;
  readonly unetr: UNETROptions;
  readonly stunet: STUNetOptions;
  readonly nnformer: NnFormerOptions;
  readonly dcformer: DCFormerUNetOptions;
  readonly medformer: MedFormerOptions;
}

/** A backbone by its name in a configuration. */
export type BackboneName = keyof BackboneOptions;

/** What every backbone takes beside its own options. */
export interface BridgedOptions {
  /** What changes the skips between encoder and decoder, such as 'dca'. Default nothing. */
  readonly bridge?: BridgeConfiguration;
}

/** A backbone by its name, with its options. */
export type BackboneConfiguration = {
  readonly [Name in BackboneName]: { readonly name: Name } & BackboneOptions[Name] & BridgedOptions;
}[BackboneName];

/** What the data decides and a configuration's `backbone` does not hold. */
export type DataOption = 'inputChannels' | 'outputChannels' | 'imageSides';

/** A backbone in a configuration: its name and those of its options that the data does not decide. */
export type BackboneSettings<Name extends BackboneName = BackboneName> = {
  readonly [Each in Name]: { readonly name: Each } & Omit<BackboneOptions[Each], DataOption> & BridgedOptions;
}[Name];
