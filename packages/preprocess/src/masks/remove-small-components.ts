import { PreprocessError } from '../errors.js';
import { determinant } from '../geometry/affine.js';
import type { Volume } from '../volume.js';
import { eachChannel } from './each-channel.js';
import type { ComponentOptions } from './keep-largest-component.js';
import { labelComponents } from './label-components.js';
import { removeComponents } from './remove-components.js';

/** The size below which a component is removed: in voxels or in millilitres. */
export type SmallComponentOptions = ComponentOptions &
  (
    | { readonly minimumVoxels: number; readonly minimumMillilitres?: never }
    | { readonly minimumMillilitres: number; readonly minimumVoxels?: never }
  );

/**
 * Sets to 0 the components that are smaller than the minimum, in each channel. Throws `bad-minimum`, `volume-size`,
 * `bad-connectivity`.
 */
export function removeSmallComponents(volume: Volume, options: SmallComponentOptions): Volume {
  const { labels, connectivity = 26 } = options;
  const least = leastVoxels(volume, options);
  return eachChannel(volume, (values) => {
    const components = labelComponents(values, volume.shape, connectivity);
    const removed = Uint8Array.from(components.sizes, (size, number) => {
      const concerned = number > 0 && (labels?.includes(components.values[number] as number) ?? true);
      return concerned && size < least ? 1 : 0;
    });
    removeComponents(values, components, removed);
  });
}

function leastVoxels(volume: Volume, { minimumVoxels, minimumMillilitres }: SmallComponentOptions): number {
  const given = minimumVoxels ?? minimumMillilitres;
  const both = minimumVoxels !== undefined && minimumMillilitres !== undefined;
  if (given === undefined || both || !(given >= 0)) throw badMinimum(minimumVoxels, minimumMillilitres);
  if (minimumVoxels !== undefined) return minimumVoxels;
  return given / (Math.abs(determinant(volume.affine)) / 1000);
}

function badMinimum(voxels: number | undefined, millilitres: number | undefined): PreprocessError {
  return new PreprocessError(
    'bad-minimum',
    `minimumVoxels is ${voxels} and minimumMillilitres ${millilitres}, expected one number of 0 or more`,
    { kind: 'usage', hint: 'give either of the two' },
  );
}
