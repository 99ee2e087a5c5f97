export {
  type AlignmentInputs,
  type AlignmentLosses,
  type AlignmentNoise,
  alignmentLosses,
} from './alignment.js';
export { classEmbeddingLoss, type Grid, pseudoLabels, pseudoRegions } from './class-embedding.js';
export { pairwiseSigmoidLoss, symmetricInfoNceLoss } from './contrastive.js';
export { binaryCrossEntropyLoss, type CrossEntropyOptions, crossEntropyLoss } from './cross-entropy.js';
export { type DiceOptions, diceLoss } from './dice.js';
export { type DiceCrossEntropyOptions, diceCrossEntropyLoss } from './dice-cross-entropy.js';
export { type ErrorKind, LossError } from './errors.js';
export { type FocalOptions, focalLoss } from './focal.js';
export { type GeneralisedDiceOptions, generalisedDiceLoss } from './generalised-dice.js';
export { conceptWeights, globalAlignmentLoss } from './global-alignment.js';
export { type Duplicates, type LocalAlignmentOptions, localAlignmentLoss } from './local-alignment.js';
export type { Reduction } from './reduction.js';
export type { RegionOptions } from './region-options.js';
export { regionSegmentationLoss, type SegmentationOptions, segmentationLoss } from './segmentation.js';
export { cosineSimilarity, unitVectors } from './similarity.js';
export { type TverskyOptions, tverskyLoss } from './tversky.js';
export { uncertaintyWeighted } from './uncertainty.js';
