import { PreprocessError } from '../errors.js';
import { checkVolume, type Volume } from '../volume.js';

/** Throws `mask-channels` for more than one channel, and `volume-size` where the array does not fit the shape. */
export function requireOneChannel(mask: Volume): void {
  checkVolume(mask);
  if (mask.channels === 1) return;
  throw new PreprocessError('mask-channels', `the mask has ${mask.channels} channels, expected 1`, {
    kind: 'usage',
    hint: 'give a label map, or one channel at a time',
  });
}
