import type { Volume } from '../volume.js';
import type { Connectivity } from './connectivity.js';
import { labelComponents } from './label-components.js';
import { requireOneChannel } from './one-channel.js';

/** How voxels hang together. */
export interface ConnectivityOptions {
  /** Default 26, as of a mask in 3-D; SciPy's default is 6. */
  readonly connectivity?: Connectivity;
}

/** The connected components of a mask, numbered from 1 in the order of their first voxels. */
export interface ConnectedComponents {
  /** The component of each voxel, 0 where the mask is 0. */
  readonly components: Volume<Int32Array>;
  /** Voxels of each component by its number; entry 0 counts the background. */
  readonly sizes: Uint32Array;
  /** The mask's value in each component by its number. */
  readonly values: Float64Array;
}

/**
 * Connected components of a mask with one channel; voxels of different labels are never joined. On a mask of 0 and 1
 * it numbers as scipy.ndimage.label. Throws `mask-channels`, `volume-size`, `bad-connectivity`.
 */
export function connectedComponents(mask: Volume, options: ConnectivityOptions = {}): ConnectedComponents {
  requireOneChannel(mask);
  const { numbers, sizes, values } = labelComponents(mask.data, mask.shape, options.connectivity ?? 26);
  return { components: { ...mask, data: numbers }, sizes, values };
}
