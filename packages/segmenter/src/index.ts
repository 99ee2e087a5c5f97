export type {
  Bundle,
  BundleFacts,
  BundleFiles,
  BundleParts,
  Product,
  TrainingFacts,
} from './bundle/bundle.js';
export { decodeBundle } from './bundle/decode-bundle.js';
export { encodeBundle } from './bundle/encode-bundle.js';
export { type BundleManifest, bundleFileNames, bundleManifestSchema } from './bundle/manifest.js';
export type {
  AlignmentConfig,
  BiPVLSegConfig,
  FusionConfig,
  ImageConfig,
  Label,
  SegmenterConfig,
  Sides,
  TextConfig,
  VisionOnlyConfig,
} from './config.js';
export { parseSegmenterConfig, segmenterConfigSchema } from './config-schema.js';
export { createSegmenter, type SegmenterResources } from './create-segmenter.js';
export type { FrozenStore } from './methods/frozen-states.js';
export { argMaxLabels } from './prediction/arg-max-labels.js';
export { importanceMap } from './prediction/importance-map.js';
export { type PredictVolumeOptions, predictVolume } from './prediction/predict-volume.js';
export type { ImageArray, Padding } from './prediction/read-window.js';
export { type SlidingWindowOptions, slidingWindow } from './prediction/sliding-window.js';
export { requireOverlap, type WindowOptions, windowCorners, windowStarts } from './prediction/windows.js';
export { rememberTexts } from './remember-texts.js';
export type { Batch, Losses, Predictor, Segmenter } from './segmenter.js';
export { rowTokenizer, textsOf } from './text/row-tokenizer.js';
export {
  inOrder,
  type TextInputs,
  type TokenBatch,
  type Tokenizer,
  tokeniseConcepts,
  tokeniseTexts,
} from './text/text-inputs.js';
