import type { Shape3 } from '../volume.js';

/** A block of a prepared case, ready for training. */
export interface Patch {
  /** C-order `[D, H, W, C]`. */
  readonly image: Float32Array;
  /** C-order `[D, H, W]`; 8 bits when the label volume has 8 bits. */
  readonly label: Uint8Array | Int32Array;
  readonly size: Shape3;
  readonly channels: number;
  /** Voxel of the case at which the patch starts; negative where the case was smaller and was padded. */
  readonly offset: readonly [number, number, number];
}
