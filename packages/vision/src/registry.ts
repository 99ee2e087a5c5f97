import { buildWhole, NetworkError, type RandomStream } from '@bipvl/nn';
import { z } from 'zod';
import type { BackboneName, BackboneOptions, BackboneSettings, BridgedOptions } from './backbone-options.js';
import { createDCFormerUNet } from './backbones/dcformer-unet.js';
import { createDynUNet } from './backbones/dynunet.js';
import { createMedFormer } from './backbones/medformer.js';
import { createMedNeXt } from './backbones/mednext.js';
import { createNnFormer } from './backbones/nnformer.js';
import { createNnUNetPlain } from './backbones/nnunet-plain.js';
import { createNnUNetResidualEncoder } from './backbones/nnunet-residual-encoder.js';
import { createSegResNet } from './backbones/segresnet.js';
import { createSTUNet } from './backbones/stunet.js';
import { createSwinUNETR } from './backbones/swin-unetr.js';
import { createUNet } from './backbones/unet.js';
import { createUNetPlusPlus } from './backbones/unet-plusplus.js';
import { createUNETR } from './backbones/unetr.js';
import { bridgeSettingsSchema, withBridge } from './bridge-registry.js';
import { dcformerSchema } from './schemas/dcformer.js';
import { dynunetSchema } from './schemas/dynunet.js';
import { medformerSchema } from './schemas/medformer.js';
import { mednextSchema } from './schemas/mednext.js';
import { nnformerSchema } from './schemas/nnformer.js';
import { nnunetPlainSchema } from './schemas/nnunet-plain.js';
import { nnunetResidualEncoderSchema } from './schemas/nnunet-residual-encoder.js';
import { segresnetSchema } from './schemas/segresnet.js';
import { nameOf, type SettingsSchema } from './schemas/settings-schema.js';
import { stunetSchema } from './schemas/stunet.js';
import { swinUNETRSchema } from './schemas/swin-unetr.js';
import { unetSchema } from './schemas/unet.js';
import { unetPlusPlusSchema } from './schemas/unet-plusplus.js';
import { unetrSchema } from './schemas/unetr.js';
import type { SegmentationNetwork } from './segmentation-network.js';

/** How a backbone is built, and what a configuration may say of it. */
interface Registered<Name extends BackboneName> {
  readonly create: (options: BackboneOptions[Name], random: RandomStream) => SegmentationNetwork;
  readonly schema: SettingsSchema<Name>;
}

const backbones: { readonly [Name in BackboneName]: Registered<Name> } = {
  unet: { create: createUNet, schema: unetSchema },
  'nnunet-plain': { create: createNnUNetPlain, schema: nnunetPlainSchema },
  'nnunet-residual-encoder': { create: createNnUNetResidualEncoder, schema: nnunetResidualEncoderSchema },
  dynunet: { create: createDynUNet, schema: dynunetSchema },
  segresnet: { create: createSegResNet, schema: segresnetSchema },
  'unet-plusplus': { create: createUNetPlusPlus, schema: unetPlusPlusSchema },
  mednext: { create: createMedNeXt, schema: mednextSchema },
  'swin-unetr': { create: createSwinUNETR, schema: swinUNETRSchema },
  unetr: { create: createUNETR, schema: unetrSchema },
  stunet: { create: createSTUNet, schema: stunetSchema },
  nnformer: { create: createNnFormer, schema: nnformerSchema },
  dcformer: { create: createDCFormerUNet, schema: dcformerSchema },
  medformer: { create: createMedFormer, schema: medformerSchema },
};

/** Names a configuration may give. */
export function listBackbones(): BackboneName[] {
  return Object.keys(backbones) as BackboneName[];
}

/**
 * Builds a backbone by name with weights drawn from `random`. A bridge leaves the weights of encoder, decoder and head as they would be without.
 * @throws NetworkError `unknown-backbone` naming the known ones, and errors of the options and of `withBridge`.
 */
export function createBackbone<Name extends BackboneName>(
  name: Name,
  { bridge, ...options }: BackboneOptions[Name] & BridgedOptions,
  random: RandomStream,
): SegmentationNetwork {
  return buildWhole(() => {
    const network = registered(name).create(options as BackboneOptions[Name], random);
    return bridge === undefined ? network : withBridge(network, bridge, random.at('bridge'));
  });
}

/** The schema of one backbone's settings. @throws NetworkError `unknown-backbone` naming the known ones. */
export function backboneSchema<Name extends BackboneName>(name: Name): SettingsSchema<Name> {
  return bridged(registered(name).schema);
}

/** The schema of `backbone` in a configuration: strict, with the defaults of the backbone that its `name` says. */
export const backboneSettingsSchema: z.ZodType<BackboneSettings> = z.discriminatedUnion(
  'name',
  Object.values(backbones).map(({ schema }) => bridged(schema)) as unknown as readonly [
    SettingsSchema<BackboneName>,
  ],
  { error: ({ input }) => unknownMessage(nameOf(input)) },
);

/** The schema, a strict object, with the option that all backbones have. */
function bridged<Name extends BackboneName>(schema: SettingsSchema<Name>): SettingsSchema<Name> {
  const object = schema as unknown as z.ZodObject;
  return object.extend({ bridge: bridgeSettingsSchema.exactOptional() }) as unknown as SettingsSchema<Name>;
}

function registered<Name extends BackboneName>(name: Name): Registered<Name> {
  if (Object.hasOwn(backbones, name)) return backbones[name];
  throw new NetworkError('unknown-backbone', unknownMessage(name), {
    hint: 'set backbone.name to one of these names',
  });
}

function unknownMessage(name: string): string {
  return `there is no backbone '${name}'; expected one of: ${listBackbones().join(', ')}`;
}
