import { checkFinite } from './check-image.js';
import { checkSameGrid } from './check-same-grid.js';
import { type Fault, shortList } from './fault.js';
import type { VolumeFacts } from './volume-facts.js';

/**
 * Faults of a label file: its grid against the image's, where that was read, and its values against `known`, those that
 * stand for a class.
 */
export function checkLabel(
  file: string,
  facts: VolumeFacts,
  image: VolumeFacts | undefined,
  known: ReadonlySet<number>,
): Fault[] {
  const words = { other: 'its image', mend: 'write the label on the grid and with the affine of its image' };
  const grid = image === undefined ? [] : checkSameGrid(file, facts, image, words);
  return [
    ...checkStorage(file, facts),
    ...grid,
    ...checkFinite(file, facts),
    ...checkValues(file, facts, known),
  ];
}

function checkStorage(file: string, { channels, scaled }: VolumeFacts): Fault[] {
  const faults: Fault[] = [];
  if (channels !== 1) {
    const fault = `has ${channels} channels, a label has one`;
    const mend = 'write one volume in which each voxel holds the id of its class';
    faults.push({ rule: 'label-channels', file, fault, mend, severity: 'error' });
  }
  if (scaled) {
    const fault = 'is stored with scl_slope or scl_inter: a program that ignores them reads other labels';
    const mend = 'save it as plain integers, e.g. uint8';
    faults.push({ rule: 'scaled-label', file, fault, mend, severity: 'warning' });
  }
  return faults;
}

function checkValues(file: string, { values }: VolumeFacts, known: ReadonlySet<number>): Fault[] {
  if (values === null) {
    const fault = 'has thousands of different values: it is an image, not a label';
    const mend = 'put the label of the case there';
    return [{ rule: 'not-a-label', file, fault, mend, severity: 'error' }];
  }
  const found = values.map(([value]) => value);
  return [...checkWhole(file, found), ...checkKnown(file, found, known), ...checkEmpty(file, found)];
}

function checkWhole(file: string, found: readonly number[]): Fault[] {
  const broken = found.filter((value) => !Number.isInteger(value));
  if (broken.length === 0) return [];
  const fault = `has labels that are not whole numbers: ${shortList(broken)}`;
  const mend = 'resample labels with nearest neighbour only';
  return [{ rule: 'fractional-label', file, fault, mend, severity: 'error' }];
}

function checkKnown(file: string, found: readonly number[], known: ReadonlySet<number>): Fault[] {
  const unknown = found.filter((value) => Number.isInteger(value) && !known.has(value));
  if (unknown.length === 0) return [];
  if (unknown.length === 1 && unknown[0] === 255) {
    const fault = 'has label 255, as a mask that went through a picture format has';
    const mend = 'write the id of the class instead of 255';
    return [{ rule: 'picture-label', file, fault, mend, severity: 'error' }];
  }
  const fault = `has label ${shortList(unknown)}, expected ${shortList([...known], 16)}`;
  const mend = 'name the label in dataset.json, or remap it';
  return [{ rule: 'unknown-label', file, fault, mend, severity: 'error' }];
}

function checkEmpty(file: string, found: readonly number[]): Fault[] {
  if (found.some((value) => value !== 0)) return [];
  const mend = 'annotate the case or leave it out';
  return [{ rule: 'empty-label', file, fault: 'is empty: background only', mend, severity: 'warning' }];
}
