import { MetricsError } from '../errors.js';
import { type Connectivity, isConnectivity } from './components.js';

/** What a lesion is, and when it counts as found. */
export interface LesionCriteria {
  /** What connects two voxels of a lesion; `corners` by default. */
  readonly connectivity?: Connectivity;
  /** A pair of lesions matches when their intersection over union is above this; 0 (any common voxel) by default. */
  readonly iouAbove?: number;
}

/** Throws `MetricsError` `bad-iou` or `unknown-connectivity`. */
export function requireLesionCriteria({ connectivity = 'corners', iouAbove = 0 }: LesionCriteria): void {
  if (!(iouAbove >= 0 && iouAbove < 1)) {
    throw new MetricsError('bad-iou', `iouAbove is ${iouAbove}: expected 0 or more, below 1`, {
      kind: 'usage',
      hint: 'pass 0 to match lesions that share any voxel',
    });
  }
  if (isConnectivity(connectivity)) return;
  throw new MetricsError('unknown-connectivity', `connectivity is "${connectivity}"`, {
    kind: 'usage',
    hint: 'choose one of faces, edges, corners',
  });
}
