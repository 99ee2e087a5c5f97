import type { Vector3 } from '../geometry/affine.js';
import type { Solid } from './solids.js';

/** A tissue that is painted over those before it. */
export interface Tissue {
  readonly solid: Solid;
  /** Attenuation in HU. */
  readonly hounsfield: number;
  /** Label its voxels get; without it they keep theirs. */
  readonly label?: number;
}

/** Draws of one patient. */
export interface Draw {
  /** A number in `[low, high)`. */
  readonly between: (low: number, high: number) => number;
  /** `centre` moved by up to `mm` along each axis. */
  readonly near: (centre: Vector3, mm: number) => Vector3;
  /** `radii` each changed by up to `share`. */
  readonly about: (radii: Vector3, share: number) => Vector3;
}
