import type { Dataset } from '../dataset/dataset.js';
import { combineFingerprints } from '../fingerprint/combine-fingerprints.js';
import type { Fingerprint } from '../fingerprint/fingerprint.js';
import { type CaseFingerprint, fingerprintCase } from '../fingerprint/fingerprint-case.js';
import { seededRandom } from '../random.js';
import { readCaseImage } from './read-case.js';
import { readCaseLabel } from './read-case-label.js';

/** How a dataset is looked at. */
export interface FingerprintOptions {
  /** Voxels drawn of each case for the intensities, as many again of its foreground. Default 10000. */
  readonly voxelsPerCase?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Keeps the ids of the cases beside their geometry. Default false. */
  readonly withCaseIds?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Shapes, spacings, intensities and class volumes of the cases that are not held out; one case is in memory at a time.
 * Throws as `readCaseImage` and `readCaseLabel`, and `label-mismatch` where the two do not fit.
 */
export async function fingerprintDataset(
  dataset: Dataset,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  const { voxelsPerCase = 10_000, seed = 0, withCaseIds = false, onProgress } = options;
  const heldOut = new Set(dataset.splits?.heldOut);
  const open = dataset.cases.filter(({ id }) => !heldOut.has(id));
  const classes = new Map(dataset.labels.map(({ id }) => [id, id]));
  const cases: CaseFingerprint[] = [];
  for (const [index, files] of open.entries()) {
    const [image, label] = [await readCaseImage(files), await readCaseLabel(files, dataset)];
    const random = seededRandom(seed, index);
    const found = fingerprintCase(image, label, { classes, voxels: voxelsPerCase, random });
    cases.push(withCaseIds ? { ...found, geometry: { id: files.id, ...found.geometry } } : found);
    onProgress?.(cases.length, open.length);
  }
  const { name, modality, labels } = dataset;
  return combineFingerprints(cases, { dataset: name, modality, labels, sampling: { voxelsPerCase, seed } });
}
