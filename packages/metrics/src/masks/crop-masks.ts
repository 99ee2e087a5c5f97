import { unionBox } from '../case/box.js';
import { countVoxels } from '../case/confusion.js';
import { type Grid, type Mask, requireVoxels } from '../grid.js';
import { type CroppedMasks, MaskCropper } from '../surface/cropped-masks.js';
import { binaryMask } from './binary-mask.js';

const INSIDE = [1];

/** Two masks cropped to the box around both; undefined when both are empty. Throws `MetricsError` `bad-length`. */
export function cropMasks(prediction: Mask, reference: Mask, grid: Grid): CroppedMasks | undefined {
  requireVoxels(prediction, 'prediction', grid);
  requireVoxels(reference, 'reference', grid);
  const masks = [binaryMask(prediction), binaryMask(reference)] as const;
  const box = unionBox(countVoxels(...masks, grid, INSIDE).boxes(INSIDE));
  return box && new MaskCropper(...masks, grid).crop(box, INSIDE);
}
