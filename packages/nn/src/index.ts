export {
  type DecodeOptions,
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
} from './checkpoints/safetensors.js';
export { mapState, type StateRule, type StateTable, unmapState } from './checkpoints/state-mapping.js';
export type { StorageType, StoredData, StoredTensor } from './checkpoints/storage-types.js';
export { safetensorsToTensors, tensorsToSafetensors, toTensor } from './checkpoints/tensors.js';
export { type Context, evaluation, training, within } from './context.js';
export { type ErrorKind, NetworkError } from './errors.js';
export { kaimingUniform, normalTensor, uniformTensor } from './initialisers.js';
export { biasAdd } from './kernels/bias-add.js';
export { convolve, convolveTransposed, type Triple } from './kernels/convolution.js';
export { gelu } from './kernels/gelu.js';
export { instanceNorm } from './kernels/instance-norm.js';
export { layerNorm } from './kernels/layer-norm.js';
export { leakyRelu, parametricRelu } from './kernels/leaky-relu.js';
export { matrixProduct } from './kernels/matrix-product.js';
export { randomNormal, randomUniform } from './kernels/random.js';
export { Attention, type AttentionOptions } from './layers/attention.js';
export { BatchNorm, type BatchNormOptions } from './layers/batch-norm.js';
export { Convolution, type ConvolutionOptions } from './layers/convolution.js';
export { dropout } from './layers/dropout.js';
export { Embedding, type EmbeddingOptions } from './layers/embedding.js';
export { InstanceNorm, type InstanceNormOptions } from './layers/instance-norm.js';
export { LayerNorm, type LayerNormOptions } from './layers/layer-norm.js';
export { Linear, type LinearOptions } from './layers/linear.js';
export { Mlp, type MlpOptions } from './layers/mlp.js';
export { ParametricRelu } from './layers/parametric-relu.js';
export { TransposedConvolution, type TransposedConvolutionOptions } from './layers/transposed-convolution.js';
export { triple } from './layers/triple.js';
export { buffer, loadState, Module, parameter } from './module.js';
export { AdamW, type AdamWOptions } from './optimisers/adamw.js';
export { clipByGlobalNorm, globalNorm } from './optimisers/clip.js';
export { type CosineOptions, cosineSchedule, type Schedule } from './optimisers/schedules.js';
export { RandomStream } from './random-stream.js';
export type { TextState } from './text-state.js';
