import type { Patch } from '../sampling/patch.js';
import { type AffineParameters, affineMatrix } from './affine-matrix.js';
import { resampleRow } from './resample-row.js';

/**
 * Rotates and scales a patch about its centre in one resampling: `source = R * diag(scale) * target` in voxels, with
 * `R = R_D * R_H * R_W`, trilinear for the image, nearest for the label, reflection about the outer faces
 * (MONAI's RandAffine with reflection padding).
 */
export function affinePatch(patch: Patch, parameters: AffineParameters): Patch {
  const matrix = affineMatrix(parameters);
  const image = new Float32Array(patch.image.length);
  const label =
    patch.label instanceof Uint8Array
      ? new Uint8Array(patch.label.length)
      : new Int32Array(patch.label.length);
  const target = { image, label };
  const [depth, height] = patch.size;
  for (let d = 0; d < depth; d += 1) {
    for (let h = 0; h < height; h += 1) resampleRow(patch, matrix, d, h, target);
  }
  return { ...patch, image, label };
}
