import type { Volume } from '../volume.js';
import type { ConnectivityOptions } from './connected-components.js';
import { eachChannel } from './each-channel.js';
import { type Components, labelComponents } from './label-components.js';
import { removeComponents } from './remove-components.js';

/** Which labels are looked at, and how voxels hang together. */
export interface ComponentOptions extends ConnectivityOptions {
  /** Only these labels change. Default all. */
  readonly labels?: readonly number[];
}

/**
 * Keeps the largest component of each label, in each channel, and sets the others to 0; of equal ones the one whose
 * first voxel comes first. Throws `volume-size`, `bad-connectivity`.
 */
export function keepLargestComponent(volume: Volume, options: ComponentOptions = {}): Volume {
  const { labels, connectivity = 26 } = options;
  return eachChannel(volume, (values) => {
    const components = labelComponents(values, volume.shape, connectivity);
    removeComponents(values, components, allButLargest(components, labels));
  });
}

function allButLargest({ sizes, values }: Components, labels: readonly number[] | undefined): Uint8Array {
  const largest = new Map<number, number>();
  for (let number = 1; number < sizes.length; number += 1) {
    const value = values[number] as number;
    const best = largest.get(value);
    if (best === undefined || (sizes[number] as number) > (sizes[best] as number)) largest.set(value, number);
  }
  return Uint8Array.from(values, (value, number) =>
    number > 0 && (labels?.includes(value) ?? true) && largest.get(value) !== number ? 1 : 0,
  );
}
