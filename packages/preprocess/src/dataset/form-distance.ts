import { PreprocessError } from '../errors.js';
import type { Affine } from '../geometry/affine.js';
import { gridDistance } from '../geometry/grid.js';
import { qformAffine } from '../nifti/header-affine.js';
import type { Volume } from '../volume.js';

/**
 * The largest distance in mm between where the sform and the qform of a NIfTI file put the corners of its grid: 0
 * unless both are set, null where the qform is no rotation.
 */
export function formDistance({ geometry, shape, affine }: Volume): number | null {
  if (geometry === undefined || geometry.sformCode <= 0 || geometry.qformCode <= 0) return 0;
  const qform = affineOf(geometry);
  return qform === null ? null : gridDistance({ shape, affine }, { shape, affine: qform });
}

function affineOf(geometry: NonNullable<Volume['geometry']>): Affine | null {
  try {
    const affine = qformAffine(geometry, 'qform');
    return affine.every(Number.isFinite) ? affine : null;
  } catch (error) {
    if (PreprocessError.isInstance(error)) return null;
    throw error;
  }
}
