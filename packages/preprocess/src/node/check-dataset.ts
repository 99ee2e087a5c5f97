import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { checkImage, checkLabel, type Fault } from '../dataset/check-case.js';
import { checkSplits } from '../dataset/check-splits.js';
import type { CaseFiles, Dataset } from '../dataset/dataset.js';
import { PreprocessError } from '../errors.js';
import type { Volume } from '../volume.js';
import { readCaseImage } from './read-case.js';
import { readVolume } from './read-volume.js';

/** What is checked, and who is told. */
export interface CheckOptions {
  /** Ids of the cases to open; by default all but the held-out ones, which are only looked for. */
  readonly cases?: readonly string[];
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Finds all faults of a dataset at once: missing, truncated or foreign files, images and labels on different grids,
 * values that are not finite, labels that are not whole or not in the manifest, empty labels, leaking splits.
 * Only cases that `options.cases` names are opened.
 */
export async function checkDataset(dataset: Dataset, options: CheckOptions = {}): Promise<Fault[]> {
  const heldOut = new Set(dataset.splits?.heldOut);
  const opened = new Set(options.cases ?? dataset.cases.map(({ id }) => id).filter((id) => !heldOut.has(id)));
  const faults = [...checkNames(dataset, opened)];
  const seen = new Set<number>();
  let done = 0;
  for (const files of dataset.cases) {
    const missing = await missingFiles(files, dataset);
    faults.push(...missing);
    if (!opened.has(files.id)) continue;
    faults.push(...(await checkOpened(files, dataset, missing, seen)));
    done += 1;
    options.onProgress?.(done, opened.size);
  }
  return [...faults, ...neverSeen(dataset, seen, opened)];
}

function checkNames(dataset: Dataset, opened: ReadonlySet<string>): Fault[] {
  const ids = dataset.cases.map(({ id }) => id);
  const unknown = [...opened].filter((id) => !ids.includes(id));
  if (unknown.length > 0) {
    throw new PreprocessError('unknown-case', `the dataset has no case ${unknown[0]}`, {
      kind: 'usage',
      hint: 'name cases by the file name of their image without ending',
    });
  }
  return dataset.splits === undefined
    ? []
    : checkSplits(dataset.splits, ids, join(dataset.folder, 'splits.json'));
}

async function missingFiles(files: CaseFiles, dataset: Dataset): Promise<Fault[]> {
  const wanted = files.label === undefined ? files.images : [...files.images, files.label];
  const faults: Fault[] = [];
  for (const file of wanted) {
    if (await exists(file)) continue;
    const mend =
      file === files.label ? 'add the label, or remove the case' : 'add the image, or remove the case';
    faults.push({ file, fault: 'is missing', mend, severity: 'error' });
  }
  if (files.label === undefined) {
    const mend = 'name its label under training in dataset.json';
    faults.push({
      file: join(dataset.folder, 'dataset.json'),
      fault: `case ${files.id} has no label`,
      mend,
      severity: 'error',
    });
  }
  return faults;
}

async function checkOpened(
  files: CaseFiles,
  dataset: Dataset,
  missing: readonly Fault[],
  seen: Set<number>,
): Promise<Fault[]> {
  const absent = new Set(missing.map(({ file }) => file));
  const faults: Fault[] = [];
  const open = async (file: string, read: () => Promise<Volume>): Promise<Volume | undefined> =>
    absent.has(file) ? undefined : read().catch((error: unknown) => unreadable(file, error, faults));
  const [first = ''] = files.images;
  const complete = files.images.every((file) => !absent.has(file));
  const image = complete ? await open(first, () => readCaseImage(files)) : undefined;
  if (image !== undefined) faults.push(...checkImage(first, image, dataset.modality.length));
  const { label: labelFile } = files;
  if (labelFile === undefined) return faults;
  const label = await open(labelFile, () => readVolume(labelFile));
  if (label === undefined) return faults;
  for (const value of new Set<number>(label.data)) seen.add(value);
  return [...faults, ...checkLabel(labelFile, label, image, dataset.labels)];
}

function unreadable(file: string, error: unknown, faults: Fault[]): undefined {
  if (!PreprocessError.isInstance(error)) throw error;
  const fault = error.message.replace(`${file}: `, '');
  faults.push({ file, fault, mend: error.hint, severity: 'error' });
  return undefined;
}

function neverSeen(dataset: Dataset, seen: ReadonlySet<number>, opened: ReadonlySet<string>): Fault[] {
  const absent = dataset.labels.filter(({ id }) => id !== 0 && !seen.has(id));
  if (opened.size === 0 || absent.length === 0) return [];
  const names = absent.map(({ id, name }) => `${id} ${name}`).join(', ');
  return [
    {
      file: join(dataset.folder, 'dataset.json'),
      fault: `no opened case has a voxel of ${names}`,
      mend: 'remove the class from labels, or add cases that show it',
      severity: 'warning',
    },
  ];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
