import type { Vector3 } from '../geometry/affine.js';
import { orientationCode } from '../geometry/orientation.js';
import { perAxis } from '../geometry/per-axis.js';
import type { CaseFacts } from './case-facts.js';
import type { SeenImage } from './check-channels.js';
import type { Fault } from './fault.js';
import { median } from './median.js';
import { worldGrid } from './world-grid.js';

const FEWEST_CASES = 5;
// Slice thickness within one public dataset varies by this much; beyond it the scan is of another kind.
const FACTOR = 3;
const MAJORITY = 0.9;
const AXES = ['left-right', 'posterior-anterior', 'inferior-superior'] as const;

/**
 * Cases unlike the others, as warnings: spacing or extent along an anatomical axis beyond three times the median or
 * below a third of it, and an orientation that nine in ten cases do not have. Five cases at least.
 */
export function checkOutliers(cases: readonly CaseFacts[]): Fault[] {
  const images = cases.flatMap(({ images: [first] }) => (first === undefined ? [] : [first]));
  if (images.length < FEWEST_CASES) return [];
  const grids = images.map(({ facts }) => worldGrid(facts));
  const spacings = grids.map(({ spacing }) => spacing);
  const extents = grids.map(({ shape, spacing }) => perAxis((axis) => shape[axis] * spacing[axis]));
  return [
    ...farFromMedian(images, spacings, { rule: 'spacing-outlier', quantity: 'spacing' }),
    ...farFromMedian(images, extents, { rule: 'size-outlier', quantity: 'extent' }),
    ...rareOrientations(images),
  ];
}

function farFromMedian(
  images: readonly SeenImage[],
  vectors: readonly Vector3[],
  { rule, quantity }: { readonly rule: string; readonly quantity: string },
): Fault[] {
  const middle = perAxis((axis) => median(vectors.map((vector) => vector[axis])));
  return images.flatMap(({ file }, index) => {
    const vector = vectors[index] ?? middle;
    const far = ([0, 1, 2] as const).filter((axis) => isFar(vector[axis], middle[axis]));
    if (far.length === 0) return [];
    const words = far.map(
      (axis) => `${AXES[axis]} ${millimetres(vector[axis])} (median ${millimetres(middle[axis])})`,
    );
    const mend = 'see that the header is right and the scan belongs here';
    return [
      { rule, file, fault: `unusual ${quantity}: ${words.join(', ')}`, mend, severity: 'warning' as const },
    ];
  });
}

function isFar(value: number, middle: number): boolean {
  return value > FACTOR * middle || value * FACTOR < middle;
}

function millimetres(value: number): string {
  return `${Number(value.toPrecision(3))} mm`;
}

function rareOrientations(images: readonly SeenImage[]): Fault[] {
  const codes = images.map(({ facts }) => orientationCode(facts.affine));
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const [usual = '', count = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  if (count === images.length || count < MAJORITY * images.length) return [];
  const mend = 'see that left and right are right in this file; the order of the axes itself does no harm';
  return images.flatMap(({ file }, index) => {
    if (codes[index] === usual) return [];
    const fault = `unusual orientation: ${codes[index]}, ${count} of ${images.length} cases have ${usual}`;
    return [{ rule: 'orientation-outlier', file, fault, mend, severity: 'warning' as const }];
  });
}
