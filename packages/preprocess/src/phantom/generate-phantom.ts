import { PreprocessError } from '../errors.js';
import type { Vector3 } from '../geometry/affine.js';
import { seededRandom } from '../random.js';
import type { Shape3 } from '../volume.js';
import { buildAnatomy } from './anatomy.js';
import { caseGrid } from './case-grid.js';
import { renderScan, type Scan } from './render.js';

/** Size and number of the synthetic scans. */
export interface PhantomOptions {
  /** Number of patients. Default 20. */
  readonly cases?: number;
  /** Default 2026. */
  readonly seed?: number;
  /** Sides in voxels along right, anterior, superior. Default `[64, 64, 48]`. */
  readonly shape?: Shape3;
  /** Spacing in mm along the same axes. Default `[5, 5, 5]`. */
  readonly spacing?: Vector3;
  /** Deviation of the noise in HU. Default 15. */
  readonly noise?: number;
}

/** One synthetic patient. */
export interface PhantomCase extends Scan {
  readonly id: string;
}

/**
 * Synthetic contrast-enhanced abdominal CTs in HU with five labelled organs (`PHANTOM_LABELS`), one after the other.
 * Anatomy varies between cases, and so do axis order, tilt and spacing. The same options give the same voxels
 * everywhere. Nothing here is a patient.
 */
export function* generatePhantom(options: PhantomOptions = {}): Generator<PhantomCase, void, undefined> {
  const { cases = 20, seed = 2026, shape = [64, 64, 48], spacing = [5, 5, 5], noise = 15 } = options;
  if (!(Number.isInteger(cases) && cases >= 1 && cases <= 999)) {
    throw new PreprocessError('bad-phantom', `the phantom has 1 to 999 cases, got ${cases}`, {
      kind: 'usage',
      hint: 'ask for a whole number of cases in that range',
    });
  }
  for (let index = 0; index < cases; index += 1) {
    const random = seededRandom(seed, index);
    const tissues = buildAnatomy(random);
    const scan = renderScan(tissues, caseGrid(index, shape, spacing), noise, random);
    yield { id: `phantom_${String(index + 1).padStart(3, '0')}`, ...scan };
  }
}
