import { gridDistance, halfVoxel } from '../geometry/grid.js';
import { sameShape, type Volume } from '../volume.js';
import type { DatasetLabel } from './manifest.js';

/** Something wrong with a dataset: where, what, and how to mend it. */
export interface Fault {
  readonly file: string;
  readonly fault: string;
  readonly mend: string;
  /** `error`: training must not start; `warning`: worth a look. */
  readonly severity: 'error' | 'warning';
}

// Files agree to about 1e-5 mm after rounding to 32-bit floats; more is worth a word.
const ROUNDING_MM = 1e-3;

/** Faults of an image alone: values that are not finite, one value everywhere, a wrong number of channels. */
export function checkImage(file: string, image: Volume, channels: number): Fault[] {
  const faults: Fault[] = [];
  if (channels > 0 && image.channels !== channels) {
    faults.push({
      file,
      fault: `has ${image.channels} channel(s), the manifest names ${channels}`,
      mend: 'correct modality (channel_names) in dataset.json, or the image',
      severity: 'error',
    });
  }
  const bad = image.data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    const fault = `voxel ${bad} is ${image.data[bad]}`;
    faults.push({ file, fault, mend: 'replace NaN and infinite voxels in the image', severity: 'error' });
  }
  if (image.data.every((value) => value === image.data[0])) {
    const fault = `every voxel is ${image.data[0]}`;
    faults.push({ file, fault, mend: 'export the image again, or leave the case out', severity: 'warning' });
  }
  return faults;
}

/** Faults of a label against its image and the classes of the manifest. */
export function checkLabel(
  file: string,
  label: Volume,
  image: Volume | undefined,
  classes: readonly DatasetLabel[],
): Fault[] {
  const grid = image === undefined ? [] : checkSameGrid(file, label, image);
  return [...grid, ...checkValues(file, label, classes)];
}

function checkSameGrid(file: string, label: Volume, image: Volume): Fault[] {
  if (!sameShape(label.shape, image.shape) || label.channels !== 1) {
    const fault = `has shape [${label.shape.join(', ')}] x ${label.channels}, its image [${image.shape.join(', ')}]`;
    return [{ file, fault, mend: 'export the label on the grid of its image', severity: 'error' }];
  }
  const distance = gridDistance(image, label);
  if (distance <= ROUNDING_MM) return [];
  const fault = `lies up to ${distance.toPrecision(3)} mm from its image: their affines differ`;
  const severity = distance > halfVoxel(image) ? 'error' : 'warning';
  return [{ file, fault, mend: 'write the label with the affine of its image', severity }];
}

function checkValues(file: string, label: Volume, classes: readonly DatasetLabel[]): Fault[] {
  const known = new Set(classes.map(({ id }) => id));
  const values = [...new Set<number>(label.data)].sort((a, b) => a - b);
  const broken = values.filter((value) => !Number.isInteger(value));
  const unknown = values.filter((value) => Number.isInteger(value) && !known.has(value));
  const faults: Fault[] = [];
  if (broken.length > 0) {
    const fault = `has labels that are not whole numbers: ${shown(broken)}`;
    faults.push({ file, fault, mend: 'resample labels with nearest neighbour only', severity: 'error' });
  }
  if (unknown.length > 0) {
    const fault = `has label ${shown(unknown)}, the manifest has ${shown([...known])}`;
    faults.push({ file, fault, mend: 'name the label in dataset.json, or remap it', severity: 'error' });
  }
  if (values.every((value) => value === 0)) {
    faults.push({
      file,
      fault: 'is empty: background only',
      mend: 'annotate the case or leave it out',
      severity: 'warning',
    });
  }
  return faults;
}

function shown(values: readonly number[]): string {
  const first = values.slice(0, 8).join(', ');
  return values.length > 8 ? `${first} and ${values.length - 8} more` : first;
}
