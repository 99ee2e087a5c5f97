import { NetworkError, type RandomStream } from '@bipvl/nn';
import { createDynUNet, type DynUNetOptions } from './backbones/dynunet.js';
import { createMedNeXt, type MedNeXtOptions } from './backbones/mednext.js';
import { createNnUNetPlain, type NnUNetPlainOptions } from './backbones/nnunet-plain.js';
import {
  createNnUNetResidualEncoder,
  type NnUNetResidualEncoderOptions,
} from './backbones/nnunet-residual-encoder.js';
import { createSegResNet, type SegResNetOptions } from './backbones/segresnet.js';
import { createSwinUNETR, type SwinUNETROptions } from './backbones/swin-unetr.js';
import { createUNet, type UNetOptions } from './backbones/unet.js';
import { createUNetPlusPlus, type UNetPlusPlusOptions } from './backbones/unet-plusplus.js';
import { createUNETR, type UNETROptions } from './backbones/unetr.js';
import type { SegmentationNetwork } from './segmentation-network.js';

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
}

/** A backbone by its name in a configuration. */
export type BackboneName = keyof BackboneOptions;

/** A backbone by its name, with its options. */
export type BackboneConfiguration = {
  readonly [Name in BackboneName]: { readonly name: Name } & BackboneOptions[Name];
}[BackboneName];

const backbones: {
  readonly [Name in BackboneName]: (
    options: BackboneOptions[Name],
    random: RandomStream,
  ) => SegmentationNetwork;
} = {
  unet: createUNet,
  'nnunet-plain': createNnUNetPlain,
  'nnunet-residual-encoder': createNnUNetResidualEncoder,
  dynunet: createDynUNet,
  segresnet: createSegResNet,
  'unet-plusplus': createUNetPlusPlus,
  mednext: createMedNeXt,
  'swin-unetr': createSwinUNETR,
  unetr: createUNETR,
};

/** Names a configuration may give. */
export function listBackbones(): BackboneName[] {
  return Object.keys(backbones) as BackboneName[];
}

/**
 * Builds a backbone by name with weights drawn from `random`.
 * @throws NetworkError `unknown-backbone` naming the known ones.
 */
export function createBackbone<Name extends BackboneName>(
  name: Name,
  options: BackboneOptions[Name],
  random: RandomStream,
): SegmentationNetwork {
  if (!Object.hasOwn(backbones, name)) throw unknown(name);
  return backbones[name](options, random);
}

function unknown(name: string): NetworkError {
  return new NetworkError(
    'unknown-backbone',
    `there is no backbone '${name}'; expected one of: ${listBackbones().join(', ')}`,
    {
      hint: 'set backbone.name to one of these names',
    },
  );
}
