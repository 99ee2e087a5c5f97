import type { Affine } from '../geometry/affine.js';
import type { Storage } from '../nifti/datatypes.js';
import type { Shape3 } from '../volume.js';

/** How the voxels behind a text header are packed: as they are, by gzip (NRRD), or by zlib (MetaImage). */
export type Packing = 'raw' | 'gzip' | 'zlib';

/** What a text header that passed every check promises of the voxels attached to it. */
export interface DeclaredImage {
  readonly shape: Shape3;
  readonly channels: number;
  /** True when the channels of one voxel lie side by side, false when one whole volume follows another. */
  readonly channelsFirst: boolean;
  readonly storage: Storage;
  readonly littleEndian: boolean;
  readonly packing: Packing;
  readonly affine: Affine;
  /** Byte of the file at which the (packed) voxels start. */
  readonly dataOffset: number;
  /** Bytes of voxels once unpacked. */
  readonly dataBytes: number;
}

/** A text header, and where the bytes behind it start. */
export interface TextHeader {
  readonly fields: ReadonlyMap<string, string>;
  readonly dataOffset: number;
}
