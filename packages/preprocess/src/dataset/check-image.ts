import { isSheared } from '../geometry/affine.js';
import { halfVoxel } from '../geometry/grid.js';
import { type Fault, shortList } from './fault.js';
import type { VolumeFacts } from './volume-facts.js';

// A cosine of 0.001 is 0.06 degrees; rounding to 32-bit floats stays a hundred times below.
const SHEAR = 1e-3;

/** Faults of an image file alone: values, sides, and a geometry that programs read in different ways. */
export function checkImage(file: string, facts: VolumeFacts): Fault[] {
  return [...checkFinite(file, facts), ...checkConstant(file, facts), ...checkGeometry(file, facts)];
}

/** The fault of voxels that are NaN or infinite. */
export function checkFinite(file: string, { nonFinite }: VolumeFacts): Fault[] {
  if (nonFinite === null) return [];
  const { count, first } = nonFinite;
  const fault = `has ${count} voxel(s) that are NaN or infinite, the first is voxel ${first}`;
  return [
    { rule: 'not-finite', file, fault, mend: 'replace them, e.g. by 0, and save again', severity: 'error' },
  ];
}

function checkConstant(file: string, { ranges, channels }: VolumeFacts): Fault[] {
  const flat = ranges.flatMap((range, channel) => (range !== null && range[0] === range[1] ? [channel] : []));
  if (flat.length === 0) return [];
  const where = channels === 1 ? '' : ` of channel ${shortList(flat)}`;
  const fault = `every voxel${where} is ${ranges[flat[0] as number]?.[0]}`;
  const mend = 'export the image again, or leave the case out';
  return [{ rule: 'constant-image', file, fault, mend, severity: 'warning' }];
}

function checkGeometry(file: string, facts: VolumeFacts): Fault[] {
  const faults: Fault[] = [];
  const warn = (rule: string, fault: string, mend: string) =>
    faults.push({ rule, file, fault, mend, severity: 'warning' });
  if (Math.min(...facts.shape) === 1) {
    const mend = 'leave the case out, or export the whole series';
    warn('one-slice', `has one slice only: its sides are ${facts.shape.join(' x ')}`, mend);
  }
  if (isSheared(facts.affine, SHEAR)) {
    const mend = 'resample the scan to perpendicular axes, image and label alike';
    warn(
      'sheared',
      'its axes are not perpendicular (a tilted gantry?): spacing changes keep the shear',
      mend,
    );
  }
  const taken = 'the sform is taken; save the file with one geometry in both';
  if (facts.formDistance === null) warn('bad-qform', 'its qform is no rotation', taken);
  else if (facts.formDistance > halfVoxel(facts)) {
    const fault = `sform and qform disagree by ${facts.formDistance.toPrecision(3)} mm, more than half a voxel`;
    warn('forms-disagree', fault, taken);
  }
  return faults;
}
