export type {
  BackboneConfiguration,
  BackboneName,
  BackboneOptions,
  BackboneSettings,
  BridgedOptions,
  DataOption,
} from './backbone-options.js';
export { createDCFormer, DCFormer, type DCFormerOptions } from './backbones/dcformer.js';
export { createDCFormerUNet, type DCFormerUNetOptions } from './backbones/dcformer-unet.js';
export { createDynUNet, type DynUNetOptions } from './backbones/dynunet.js';
export { createMedFormer } from './backbones/medformer.js';
export { createMedNeXt, type MedNeXtOptions } from './backbones/mednext.js';
export { createNnFormer, type NnFormerOptions } from './backbones/nnformer.js';
export { createNnUNetPlain, type NnUNetPlainOptions } from './backbones/nnunet-plain.js';
export {
  type PresetData,
  planResidualEncoder,
  type ResidualEncoderPlan,
  type ResidualEncoderPreset,
} from './backbones/nnunet-presets.js';
export {
  createNnUNetResidualEncoder,
  type NnUNetResidualEncoderOptions,
} from './backbones/nnunet-residual-encoder.js';
export { type NnUNetTopology, nnUNetTopology } from './backbones/nnunet-topology.js';
export { createSegResNet, type SegResNetOptions } from './backbones/segresnet.js';
export { createSTUNet, type STUNetOptions } from './backbones/stunet.js';
export {
  createSwinTransformer,
  SwinTransformer,
  type SwinTransformerOptions,
} from './backbones/swin-transformer.js';
export { createSwinUNETR, type SwinUNETROptions } from './backbones/swin-unetr.js';
export { createUNet, type UNetOptions } from './backbones/unet.js';
export { createUNetPlusPlus, type UNetPlusPlusOptions } from './backbones/unet-plusplus.js';
export { createUNETR, type UNETROptions } from './backbones/unetr.js';
export type { DCFormerShape, DCFormerVariant } from './blocks/dcformer-settings.js';
export {
  DecomposedConvolution,
  type DecomposedConvolutionOptions,
} from './blocks/decomposed-convolution.js';
export { type MedFormerLayout, type MedFormerShape, medFormerLayouts } from './blocks/medformer-layouts.js';
export type { MedFormerOptions } from './blocks/medformer-settings.js';
export type { MedFormerActivation, MedFormerNormalisation } from './blocks/medformer-unit.js';
export {
  type MedNeXtSettings,
  type MedNeXtShape,
  type MedNeXtSize,
  medNeXtSettings,
} from './blocks/mednext-settings.js';
export type { NnFormerLayout } from './blocks/nnformer-layouts.js';
export type { NnFormerShape } from './blocks/nnformer-settings.js';
export type { RelativeIndex } from './blocks/nnformer-windows.js';
export type { NnUNetOptions } from './blocks/nnunet-parts.js';
export {
  type Activation,
  type Bias,
  type LeakyRelu,
  type Normalisation,
  NormalisedConvolution,
  type NormalisedConvolutionOptions,
} from './blocks/normalised-convolution.js';
export type { PerStage, SidesPerStage } from './blocks/per-stage.js';
export { type Stage, StagedEncoder, type StagedEncoderParts } from './blocks/staged-encoder.js';
export type { STUNetShape, STUNetSize } from './blocks/stunet-settings.js';
export type { BridgeConfiguration, BridgeName, BridgeOptions, BridgeSettings } from './bridge-options.js';
export { createBridge, listBridges, withBridge } from './bridge-registry.js';
export { type DcaOptions, DualCrossAttention } from './bridges/dca.js';
export { NormalisedSkips, type NormalisedSkipsOptions } from './bridges/normalised-skips.js';
export { atesDcaTable } from './checkpoints/ates-dca.js';
export { med3DVLMDCFormerTable } from './checkpoints/med3dvlm-dcformer.js';
export { medFormerTable } from './checkpoints/medformer.js';
export { monaiDynUNetTable } from './checkpoints/monai-dynunet.js';
export { monaiMedNeXtTable } from './checkpoints/monai-mednext.js';
export { monaiSegResNetTable } from './checkpoints/monai-segresnet.js';
export { monaiSwinTransformerTable, type SwinWindows } from './checkpoints/monai-swin-transformer.js';
export { monaiSwinUNETRTable } from './checkpoints/monai-swin-unetr.js';
export { monaiUNetTable } from './checkpoints/monai-unet.js';
export { monaiUNetPlusPlusTable } from './checkpoints/monai-unet-plusplus.js';
export { monaiUNETRTable, type UNETRForm } from './checkpoints/monai-unetr.js';
export { nnFormerTable } from './checkpoints/nnformer.js';
export { nnUNetPlainTable, nnUNetResidualEncoderTable } from './checkpoints/nnunet.js';
export { stuNetTable } from './checkpoints/stunet.js';
export { countMultiplications } from './count-multiplications.js';

export { countParameters } from './count-parameters.js';
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
export { type EstimateMemoryOptions, estimateMemory, type MemoryEstimate } from './estimate-memory.js';
export { type BackboneDescription, list } from './list.js';
export { recomputeStages } from './recompute-stages.js';
export { backboneSchema, backboneSettingsSchema, createBackbone, listBackbones } from './registry.js';
export type { SettingsSchema } from './schemas/settings-schema.js';
export { ConvolutionHead, SegmentationNetwork } from './segmentation-network.js';
