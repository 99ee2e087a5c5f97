export { createUNet, type UNetOptions } from './backbones/unet.js';
export type { Activation, Bias, Normalisation } from './blocks/normalised-convolution.js';
export { monaiUNetTable } from './checkpoints/monai-unet.js';
export type {
  Backbone,
  Bridge,
  Decoded,
  Decoder,
  Encoder,
  FusionSite,
  Head,
  Meet,
  Prediction,
  Pyramid,
} from './coupling.js';
export { type BackboneName, type BackboneOptions, createBackbone, listBackbones } from './registry.js';
export { SegmentationNetwork } from './segmentation-network.js';
