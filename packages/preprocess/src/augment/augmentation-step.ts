import type { Axis } from '../geometry/per-axis.js';
import type { LabelPairs } from './flip.js';

/** The least and the greatest value a step may draw. */
export type ValueRange = readonly [number, number];

/** Mirrors each axis with its own probability; `labelPairs` change places when the left-right axis is mirrored. */
export interface FlipStep {
  readonly kind: 'flip';
  readonly probability: readonly [number, number, number];
  readonly labelPairs: LabelPairs;
  /** The array axis that runs from left to right or back: 0 after orientation to `'RAS'`, which is the default. */
  readonly leftRightAxis?: Axis | undefined;
}

/** Adds one number drawn from `range` to all channels. */
export interface ShiftStep {
  readonly kind: 'shift';
  readonly range: ValueRange;
  readonly probability: number;
}

/** Multiplies all channels by 1 plus one number drawn from `range`. */
export interface ScaleStep {
  readonly kind: 'scale';
  readonly range: ValueRange;
  readonly probability: number;
}

/**
 * Rotates by up to `rotation` radians about each axis and zooms by a factor from `scale` (above 1 zooms out), in one
 * resampling.
 */
export interface AffineStep {
  readonly kind: 'affine';
  readonly rotation: readonly [number, number, number];
  readonly scale: ValueRange;
  readonly probability: number;
  /** Chance that a step which applies rotates. Default 1. */
  readonly rotationProbability?: number | undefined;
  /** Chance that a step which applies zooms. Default 1. */
  readonly scaleProbability?: number | undefined;
  /** A factor for each axis (default), or one for all. */
  readonly perAxis?: boolean | undefined;
}

/** Adds Gaussian noise to all channels, its standard deviation drawn from `deviation`. */
export interface NoiseStep {
  readonly kind: 'noise';
  readonly deviation: ValueRange;
  readonly probability: number;
}

/** Blurs with a Gaussian whose standard deviation in voxels is drawn from `sigma` for each channel. */
export interface BlurStep {
  readonly kind: 'blur';
  readonly sigma: ValueRange;
  readonly probability: number;
  /** Chance of each channel in a step that applies. Default 1. */
  readonly channelProbability?: number | undefined;
  /** A standard deviation for each axis (default), or one for all. */
  readonly perAxis?: boolean | undefined;
}

/** Multiplies each channel by a factor of its own from `factor`, as often below 1 as above. */
export interface BrightnessStep {
  readonly kind: 'brightness';
  readonly factor: ValueRange;
  readonly probability: number;
}

/** Multiplies each channel's distance from its mean by a factor of its own, as often below 1 as above. */
export interface ContrastStep {
  readonly kind: 'contrast';
  readonly factor: ValueRange;
  readonly probability: number;
  /** Clip to the range the channel had. Default true. */
  readonly keepRange?: boolean | undefined;
}

/** Raises each channel, brought to `[0, 1]` and back, to a power of its own, as often below 1 as above. */
export interface GammaStep {
  readonly kind: 'gamma';
  readonly gamma: ValueRange;
  readonly probability: number;
  /** Apply it to the negative image. Default false. */
  readonly invert?: boolean | undefined;
  /** Restore each channel's mean and standard deviation. Default true. */
  readonly keepStatistics?: boolean | undefined;
}

/** Makes each channel as coarse as if its voxels were `1 / zoom` times as large, `zoom` drawn from its range. */
export interface LowResolutionStep {
  readonly kind: 'low-resolution';
  readonly zoom: ValueRange;
  readonly probability: number;
  /** Chance of each channel in a step that applies. Default 1. */
  readonly channelProbability?: number | undefined;
}

/** One random step, applied with its own probability. */
export type AugmentationStep =
  | FlipStep
  | ShiftStep
  | ScaleStep
  | AffineStep
  | NoiseStep
  | BlurStep
  | BrightnessStep
  | ContrastStep
  | GammaStep
  | LowResolutionStep;
