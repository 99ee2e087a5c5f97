import type { Modality } from '../schema.js';

/** The title of a class, which is its name and the kind of image, and which no model needs to be trusted with. */
export function titleOf(name: string, modality: Modality): string {
  const kind = modality === 'CT' ? 'a CT Image' : 'an MRI Image';
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} in ${kind}`;
}
