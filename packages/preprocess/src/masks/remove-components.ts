import type { VoxelArray } from '../volume.js';
import type { Components } from './label-components.js';

/** Sets to 0 the voxels of every component that is marked in `removed`, by its number. */
export function removeComponents(values: VoxelArray, components: Components, removed: Uint8Array): void {
  const { numbers } = components;
  for (let i = 0; i < values.length; i += 1) {
    if (removed[numbers[i] as number] === 1) values[i] = 0;
  }
}
