import type { FusionConfig, TextConfig } from '@bipvl/segmenter';
import type { BackboneSettings } from '@bipvl/vision';
import type { OptimiserConfig } from '../config/run-config.js';

/**
 * A residual U-Net that learns in a few hundred steps on two cores. It departs from MONAI's in its head and in normalised shortcuts, which
 * keep the features small where text joins them; without those, a high learning rate diverges.
 */
export const smallUNet: Partial<BackboneSettings<'unet'>> = {
  name: 'unet',
  channels: [16, 32, 64, 128, 128],
  strides: [2, 2, 2, 2],
  activation: { leakyRelu: 0.01 },
  bias: 'unnormalised',
  normaliseShortcut: true,
  head: 'convolution',
};

/** A BERT that is trained from scratch on the concept texts alone, one layer a fusion site. */
export const smallBert: Partial<TextConfig> = {
  width: 64,
  layers: 4,
  heads: 4,
  intermediate: 128,
  stages: [1, 1, 1, 1],
  positions: 256,
};

/** Fusion of a width that fits the small U-Net. */
export const smallFusion: Partial<FusionConfig> = { heads: 4, hidden: 64, window: 4 };

/** A few hundred steps from random weights: a rate thirty times the paper's, warmed up and clipped. */
export const shortTraining: OptimiserConfig = {
  learningRate: 3e-3,
  finalLearningRate: 3e-5,
  weightDecay: 1e-5,
  warmupSteps: 20,
  clipNorm: 1,
};
