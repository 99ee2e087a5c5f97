import type { Vector3 } from '../geometry/affine.js';
import type { Shape3 } from '../volume.js';

/** The middle and both ends of a list. */
export interface Spread<T> {
  readonly median: T;
  readonly min: T;
  readonly max: T;
}

/** Percentiles of the distribution of values; keys as in nnU-Net's fingerprint. */
export interface IntensityStatistics {
  readonly percentile_00_5: number;
  readonly percentile_05_0: number;
  readonly percentile_25_0: number;
  readonly percentile_50_0: number;
  readonly percentile_75_0: number;
  readonly percentile_95_0: number;
  readonly percentile_99_5: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly deviation: number;
}

/** One input channel over all cases, in the unit of the files (HU in CT). */
export interface ChannelFingerprint {
  readonly name: string;
  /** Least and greatest finite value, over every voxel; null where there is none. */
  readonly range: readonly [number, number] | null;
  /** Of a sample of all voxels; null where none is finite. */
  readonly all: IntensityStatistics | null;
  /** Of a sample of the voxels of any class; null where there is none. */
  readonly foreground: IntensityStatistics | null;
}

/** One class over all cases. */
export interface ClassFingerprint {
  readonly id: number;
  readonly name: string;
  /** Cases that show it. */
  readonly cases: number;
  /** Its volume in ml in the cases that show it; null where none does. */
  readonly millilitres: Spread<number> | null;
  /** Its share of all voxels of all cases. */
  readonly frequency: number;
}

/** Geometry of one case. */
export interface CaseGeometry {
  /** Only where it was asked for. */
  readonly id?: string;
  /** Voxels left to right, posterior to anterior, inferior to superior. */
  readonly shape: Shape3;
  /** mm along the same axes. */
  readonly spacing: Vector3;
  /** Orientation code of the file, such as `LPS`. */
  readonly orientation: string;
}

/** What a planner and a report need to know of a dataset; plain JSON, without voxels and, unless asked for, names. */
export interface Fingerprint {
  readonly schema: 'bipvl-fingerprint';
  readonly version: 1;
  readonly dataset: string;
  readonly caseCount: number;
  /** Voxels drawn of each case for the statistics, all where a case has fewer, and the seed of the draw. */
  readonly sampling: { readonly voxelsPerCase: number; readonly seed: number };
  readonly shape: Spread<Shape3>;
  readonly spacing: Spread<Vector3>;
  /** Orientation code to number of cases. */
  readonly orientations: Readonly<Record<string, number>>;
  readonly channels: readonly ChannelFingerprint[];
  readonly classes: readonly ClassFingerprint[];
  readonly cases: readonly CaseGeometry[];
}
