import type { BackboneName, BackboneSettings } from '../backbone-options.js';
import type { Sides } from './subject.js';

/** A backbone with few parameters, and images that fit it. */
export interface SmallBackbone<Name extends BackboneName = BackboneName> {
  readonly settings: BackboneSettings<Name>;
  /** Legal sides in voxels that leave the bottleneck more than one. */
  readonly sides: Sides;
  /** Sides in voxels that do not fit. */
  readonly illegalSides: Sides;
}

/** A small form of every backbone in the registry, to try code on all of them. */
export const smallBackbones: { readonly [Name in BackboneName]: SmallBackbone<Name> } = {
  unet: {
    settings: { name: 'unet', channels: [4, 8, 8] },
    sides: [8, 8, 16],
    illegalSides: [8, 8, 10],
  },
  'nnunet-plain': {
    settings: { name: 'nnunet-plain', channels: [4, 8, 8], convolutions: 1, decoderConvolutions: 1 },
    sides: [8, 8, 16],
    illegalSides: [8, 8, 10],
  },
  'nnunet-residual-encoder': {
    settings: { name: 'nnunet-residual-encoder', channels: [4, 8, 8], blocks: 1, decoderConvolutions: 1 },
    sides: [8, 8, 16],
    illegalSides: [8, 8, 10],
  },
  dynunet: {
    settings: { name: 'dynunet', channels: [4, 8, 8], deepSupervision: 1, residual: true },
    sides: [8, 8, 16],
    illegalSides: [8, 8, 10],
  },
  segresnet: {
    settings: { name: 'segresnet', filters: 4, groups: 2, blocksDown: [1, 1, 1], blocksUp: [1, 1] },
    sides: [8, 8, 16],
    illegalSides: [8, 8, 10],
  },
  'unet-plusplus': {
    settings: { name: 'unet-plusplus', channels: [4, 4, 8, 8, 8], lastChannels: 4 },
    sides: [16, 16, 32],
    illegalSides: [16, 16, 24],
  },
  mednext: {
    settings: { name: 'mednext', filters: 2, blocksDown: 1, expansionsDown: 2 },
    sides: [32, 32, 16],
    illegalSides: [32, 32, 24],
  },
  'swin-unetr': {
    settings: {
      name: 'swin-unetr',
      width: 4,
      heads: [1, 2, 2, 4],
      depths: [2, 1, 1, 1],
      window: 2,
      dropout: 0.1,
      dropPath: 0.1,
    },
    sides: [32, 64, 32],
    illegalSides: [32, 48, 32],
  },
  unetr: {
    settings: { name: 'unetr', filters: 4, width: 12, mlpWidth: 16, heads: 2 },
    sides: [32, 32, 16],
    illegalSides: [32, 32, 32],
  },
  stunet: {
    settings: { name: 'stunet', channels: [2, 4, 4, 8, 8, 8], strides: [1, 2, 2, 2] },
    sides: [8, 8, 16],
    illegalSides: [8, 8, 12],
  },
  nnformer: {
    settings: {
      name: 'nnformer',
      width: 4,
      heads: [1, 2, 2, 4],
      windows: [4, 2, 2, 2],
      deepSupervision: true,
    },
    sides: [32, 64, 32],
    illegalSides: [32, 32, 32],
  },
  dcformer: {
    settings: {
      name: 'dcformer',
      channels: [4, 4, 8, 8, 8],
      blocks: 1,
      kernels: [5, 5, 3, 3],
      layerScale: 0.5,
    },
    sides: [32, 64, 32],
    illegalSides: [32, 48, 32],
  },
  medformer: {
    settings: {
      name: 'medformer',
      channels: [4, 4, 8, 8, 8],
      mapSides: [2, 2, 1],
      blocksDown: [1, 0, 0, 0],
      blocksUp: [0, 0, 1, 1],
      attentionDown: [1, 1, 1],
      headsDown: [1, 2, 2],
      attentionUp: [1, 1],
      headsUp: [2, 4],
      fusionWidth: 8,
      fusionHeads: 2,
      fusionDepth: 1,
    },
    sides: [32, 16, 32],
    illegalSides: [32, 24, 32],
  },
};
