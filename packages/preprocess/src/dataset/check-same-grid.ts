import { gridDistance, halfVoxel } from '../geometry/grid.js';
import { sameShape } from '../volume.js';
import type { Fault } from './fault.js';
import type { VolumeFacts } from './volume-facts.js';

// Files agree to about 1e-5 mm after rounding to 32-bit floats; more is worth a word.
const ROUNDING_MM = 1e-3;

/** Faults of a file that should lie on the grid of another of its case; `other` and `mend` are for the words. */
export function checkSameGrid(
  file: string,
  facts: VolumeFacts,
  expected: VolumeFacts,
  { other, mend }: { readonly other: string; readonly mend: string },
): Fault[] {
  if (!sameShape(facts.shape, expected.shape)) {
    const fault = `has shape [${facts.shape.join(', ')}], ${other} [${expected.shape.join(', ')}]`;
    return [{ rule: 'shape-differs', file, fault, mend, severity: 'error' }];
  }
  const distance = gridDistance(expected, facts);
  if (distance <= ROUNDING_MM) return [];
  const fault = `lies up to ${distance.toPrecision(3)} mm from ${other}: their affines differ`;
  const severity = distance > halfVoxel(expected) ? 'error' : 'warning';
  return [{ rule: 'grid-differs', file, fault, mend, severity }];
}
