import { affineInRas, LPS_TO_RAS, parseNumbers, sliceNormal } from '../attached/numbers.js';
import { BROKEN_HEADER, type Refuse } from '../attached/refuse.js';
import type { Affine, Vector3 } from '../geometry/affine.js';
import { perAxisWords } from './axes.js';

type Fields = ReadonlyMap<string, string>;

/** Signs that take each anatomical space to RAS. */
const SPACES: Readonly<Record<string, Vector3>> = {
  'right-anterior-superior': [1, 1, 1],
  ras: [1, 1, 1],
  'left-anterior-superior': [-1, 1, 1],
  las: [-1, 1, 1],
  'left-posterior-superior': LPS_TO_RAS,
  lps: LPS_TO_RAS,
};

const VECTOR = /\(([^()]*)\)|none/gi;

/** The vectors of `space directions`, undefined for an axis that has `none`; undefined as a whole when there is no field. */
export function directionTexts(
  fields: Fields,
  axes: number,
  refuse: Refuse,
): readonly (string | undefined)[] | undefined {
  const text = fields.get('space directions');
  if (text === undefined) return undefined;
  if (text.replaceAll(VECTOR, '').trim() !== '') {
    throw refuse('bad-header', 'space directions must be vectors (x,y,z) or none', BROKEN_HEADER);
  }
  const found = perAxisWords(text.match(VECTOR) ?? [], axes, 'space directions', refuse);
  return found.map((vector) => (isNone(vector) ? undefined : vector));
}

// Some writers spell the absent direction of a channel axis as not-a-number.
function isNone(vector: string): boolean {
  return vector.toLowerCase() === 'none' || /^\(\s*nan\s*(,\s*nan\s*)*\)$/i.test(vector);
}

/**
 * Voxel to RAS mm from `space`, `space directions` and `space origin`; without a space from `spacings` and
 * `axis mins`, taken as LPS as ITK does. Throws `nrrd-unsupported`, `nrrd-bad-header` and `nrrd-bad-affine`.
 */
export function nrrdAffine(
  fields: Fields,
  spatial: readonly number[],
  directions: readonly (string | undefined)[] | undefined,
  refuse: Refuse,
): Affine {
  if (directions === undefined) return affineWithoutSpace(fields, spatial, refuse);
  refuseOtherUnits(fields, refuse);
  const signs = spaceSigns(fields, refuse);
  const steps = spatial.map((axis) => parseVector(directions[axis] ?? '', 'space directions', refuse));
  const origin = parseVector(fields.get('space origin') ?? '(0,0,0)', 'space origin', refuse);
  const [x, y, z] = steps as [Vector3, Vector3, Vector3 | undefined];
  return affineInRas([x, y, z ?? sliceNormal(x, y)], origin, signs, refuse);
}

function spaceSigns(fields: Fields, refuse: Refuse): Vector3 {
  const signs = SPACES[(fields.get('space') ?? '').toLowerCase()];
  if (signs !== undefined) return signs;
  const fault = 'names no anatomical space (RAS, LAS or LPS), so left and right are unknown';
  throw refuse('unsupported', fault, 'set the field space, e.g. to left-posterior-superior, if you know it');
}

function refuseOtherUnits(fields: Fields, refuse: Refuse): void {
  const units = fields.get('space units')?.match(/"[^"]*"|\S+/g) ?? [];
  if (units.every((unit) => /^"?(mm|millimet(er|re)s?|)"?$/i.test(unit))) return;
  throw refuse('unsupported', 'its space units are not mm', 'write its directions and origin in mm');
}

function affineWithoutSpace(fields: Fields, spatial: readonly number[], refuse: Refuse): Affine {
  const axes = spatial.length;
  const count = Math.max(axes, ...spatial.map((axis) => axis + 1));
  const step = valuesOf(fields, 'spacings', 1, count, spatial, refuse);
  const origin = valuesOf(fields, 'axis mins', 0, count, spatial, refuse);
  const [x = 1, y = 1, z = 1] = step;
  if (!(x > 0 && y > 0 && z > 0)) {
    throw refuse('bad-header', 'spacings must be positive numbers (mm)', BROKEN_HEADER);
  }
  const [ox = 0, oy = 0, oz = 0] = origin;
  return affineInRas([[x, 0, 0], [0, y, 0], [0, 0, z]], [ox, oy, oz], LPS_TO_RAS, refuse); // biome-ignore format: a matrix
}

/** The entries of a per-axis field for the axes of space, those given as nan by `missing`. */
function valuesOf(
  fields: Fields,
  field: string,
  missing: number,
  count: number,
  spatial: readonly number[],
  refuse: Refuse,
): number[] {
  const words = fields.get(field)?.trim().split(/\s+/) ?? new Array<string>(count).fill('nan');
  return spatial.map((axis) =>
    /^nan$/i.test(words[axis] ?? '')
      ? missing
      : (parseNumbers(words[axis] ?? '', 1, field, refuse)[0] as number),
  );
}

function parseVector(text: string, field: string, refuse: Refuse): Vector3 {
  const inner = /^\((.*)\)$/.exec(text.trim())?.[1] ?? '';
  return parseNumbers(inner.replaceAll(',', ' '), 3, field, refuse) as unknown as Vector3;
}
