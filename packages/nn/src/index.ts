export { BlankStream } from './blank-stream.js';
export { buildWhole } from './build-whole.js';
export { type AssignOptions, assignCheckpoint } from './checkpoints/assign-checkpoint.js';
export type { DuplicateRule } from './checkpoints/duplicates.js';
export type { ArchiveLimits } from './checkpoints/pytorch/archive-limits.js';
export { decodePyTorch, type PyTorchOptions } from './checkpoints/pytorch/decode-pytorch.js';
export type { Inflate } from './checkpoints/pytorch/zip-archive.js';
export {
  type DecodeOptions,
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
} from './checkpoints/safetensors.js';
export {
  type LeftOut,
  mapState,
  type StateRule,
  type StateTable,
  unmapState,
} from './checkpoints/state-mapping.js';
export type { StorageType, StoredData, StoredTensor } from './checkpoints/storage-types.js';
export { safetensorsToTensors, tensorsToSafetensors, toTensor } from './checkpoints/tensors.js';
export { type Context, evaluation, training, within } from './context.js';
export { type ErrorKind, NetworkError } from './errors.js';
export { freeze } from './freeze.js';
export { type Differentiated, differentiate, variableGradients } from './gradients.js';
export {
  frameworkInitialisation,
  heInitialisation,
  type Initialisation,
  type Initialiser,
  kaimingUniform,
  normalTensor,
  uniformTensor,
} from './initialisers.js';
export { adaptiveAveragePool } from './kernels/adaptive-average-pool.js';
export type { AttentionDropout, AttentionRegions } from './kernels/attention-scores.js';
export { averagePool } from './kernels/average-pool.js';
export { biasAdd } from './kernels/bias-add.js';
export { convolve, convolveTransposed } from './kernels/convolution.js';
export { convolveDepthwise, convolveDepthwiseTransposed } from './kernels/depthwise-convolution.js';
export { convolveDilated } from './kernels/dilated-convolution.js';
export { gelu } from './kernels/gelu.js';
export type { Dimensions, Grid, GridOf, Pair, Sides, SidesOf, Triple } from './kernels/grid.js';
export { groupNorm } from './kernels/group-norm.js';
export { convolveGrouped } from './kernels/grouped-convolution.js';
export { instanceNorm } from './kernels/instance-norm.js';
export { layerNorm } from './kernels/layer-norm.js';
export { leakyRelu, parametricRelu } from './kernels/leaky-relu.js';
export { matrixProduct } from './kernels/matrix-product.js';
export { type MaxPoolOptions, maxPool } from './kernels/max-pool.js';
export { packedAttention } from './kernels/packed-attention.js';
export { randomNormal, randomUniform } from './kernels/random.js';
export { RowOrder, rearrangeRows } from './kernels/rearrange-rows.js';
export { type ResizeMode, resize } from './kernels/resize.js';
export { type SelfAttentionTerms, selfAttention } from './kernels/self-attention.js';
export { Attention, type AttentionOptions } from './layers/attention.js';
export { BatchNorm, type BatchNormOptions } from './layers/batch-norm.js';
export { Convolution, type ConvolutionOptions } from './layers/convolution.js';
export { DepthwiseConvolution, type DepthwiseConvolutionOptions } from './layers/depthwise-convolution.js';
export { type AttentionTerms, dotProductAttention } from './layers/dot-product-attention.js';
export { dropPath } from './layers/drop-path.js';
export { dropout } from './layers/dropout.js';
export { Embedding, type EmbeddingOptions } from './layers/embedding.js';
export { GroupNorm, type GroupNormOptions } from './layers/group-norm.js';
export { mergeHeads, splitHeads } from './layers/heads.js';
export { InstanceNorm, type InstanceNormOptions } from './layers/instance-norm.js';
export { LayerNorm, type LayerNormOptions } from './layers/layer-norm.js';
export { Linear, type LinearOptions } from './layers/linear.js';
export { Mlp, type MlpOptions } from './layers/mlp.js';
export { ParametricRelu } from './layers/parametric-relu.js';
export { PatchEmbedding, type PatchEmbeddingOptions } from './layers/patch-embedding.js';
export { type MergingOrder, PatchMerging, type PatchMergingOptions } from './layers/patch-merging.js';
export {
  type PositionStrides,
  RelativePositionBias,
  type RelativePositionBiasOptions,
  relativePositionIndex,
} from './layers/relative-position-bias.js';
export { type ScoreTerms, SelfAttention, type SelfAttentionOptions } from './layers/self-attention.js';
export { TransposedConvolution, type TransposedConvolutionOptions } from './layers/transposed-convolution.js';
export { triple } from './layers/triple.js';
export { MemoryLedger } from './memory-ledger.js';
export { buffer, loadState, Module, parameter } from './module.js';
export { MultiplicationLedger } from './multiplication-ledger.js';
export { AdamW, type AdamWOptions } from './optimisers/adamw.js';
export { clipByGlobalNorm, globalNorm } from './optimisers/clip.js';
export { type CosineOptions, cosineSchedule, type Schedule } from './optimisers/schedules.js';
export { RandomStream } from './random-stream.js';
export { type Recomputable, recompute } from './recompute.js';
export type { TextState } from './text-state.js';
