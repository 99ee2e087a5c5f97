import { join } from 'node:path';
import type { CaseFacts } from '../dataset/case-facts.js';
import { checkAbsentClasses } from '../dataset/check-absent-classes.js';
import type { SeenImage } from '../dataset/check-channels.js';
import { checkDuplicates } from '../dataset/check-duplicates.js';
import { checkHounsfield } from '../dataset/check-hounsfield.js';
import { checkManifest } from '../dataset/check-manifest.js';
import { checkOpenedCase } from '../dataset/check-opened-case.js';
import { checkOutliers } from '../dataset/check-outliers.js';
import { checkSplits } from '../dataset/check-splits.js';
import type { CaseFiles, Dataset } from '../dataset/dataset.js';
import type { Fault } from '../dataset/fault.js';
import type { ObservedFile, VolumeFacts } from '../dataset/volume-facts.js';
import { PreprocessError } from '../errors.js';
import { checkAgainstRecipe } from '../recipes/check-against-recipe.js';
import { classTable } from '../recipes/class-table.js';
import { datasetRecipe } from '../recipes/dataset-recipes.js';
import { checkFiles, checkUnlisted, faultOf } from './check-files.js';
import { checkHeldOutCopies } from './check-held-out-copies.js';
import { FactsCache } from './facts-cache.js';
import { manifestPath } from './manifest-path.js';

/** What is checked, and who is told. */
export interface CheckOptions {
  /** Ids of the cases to open; by default all but the held-out ones. */
  readonly cases?: readonly string[];
  /** Folder that keeps what was seen of each file, so that a second check opens only what has changed. Default: none. */
  readonly cacheFolder?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Finds all faults of a dataset at once: files that are missing, damaged, foreign or there twice; channels and labels on
 * other grids; values that are not finite, not whole, not in the manifest or no Hounsfield units; cases unlike the
 * others; leaking splits; and, where the dataset was read by a recipe, what differs from it. One file is in memory at a
 * time. Held-out cases are looked for and, where `cases` does not name them, only compared byte for byte with opened
 * files of their size. Throws `unknown-case` when `cases` names one that is not there.
 */
export async function checkDataset(dataset: Dataset, options: CheckOptions = {}): Promise<Fault[]> {
  const opened = casesToOpen(dataset, options.cases);
  const cache = await FactsCache.open(dataset.folder, options.cacheFolder);
  const faults = [...checkWhole(dataset), ...(await checkUnlisted(dataset))];
  const seen: CaseFacts[] = [];
  const known = classTable(dataset);
  for (const files of dataset.cases) {
    const broken = await checkFiles(files, dataset);
    faults.push(...broken);
    if (!opened.has(files.id)) continue;
    const facts = await observeCase(files, cache, broken);
    faults.push(...facts.faults, ...checkOpenedCase(facts.case, dataset.modality, new Set(known.keys())));
    seen.push(facts.case);
    options.onProgress?.(seen.length, opened.size);
  }
  await cache.save();
  return [
    ...faults,
    ...checkTogether(dataset, seen, known),
    ...(await checkHeldOutCopies(dataset, seen, cache)),
    ...cache.faults,
  ];
}

function casesToOpen(dataset: Dataset, asked: readonly string[] | undefined): ReadonlySet<string> {
  const ids = dataset.cases.map(({ id }) => id);
  const heldOut = new Set(dataset.splits?.heldOut);
  const unknown = asked?.find((id) => !ids.includes(id));
  if (unknown === undefined) return new Set(asked ?? ids.filter((id) => !heldOut.has(id)));
  throw new PreprocessError('unknown-case', `the dataset has no case ${unknown}`, {
    kind: 'usage',
    hint: 'name cases by the file name of their image without ending',
  });
}

/** What the folder says of itself: its split, and its agreement with its recipe. */
function checkWhole(dataset: Dataset): Fault[] {
  const { splits, folder, recipe, cases, modality, labels } = dataset;
  const ids = cases.map(({ id }) => id);
  const faults = splits === undefined ? [] : checkSplits(splits, ids, join(folder, 'splits.json'));
  if (recipe === undefined) {
    return [...faults, ...checkManifest(dataset, cases.length, manifestPath(dataset))];
  }
  const heldOutCases = new Set(splits?.heldOut).size;
  const found = { modality, labels, trainCases: cases.length - heldOutCases, heldOutCases };
  return [...faults, ...checkAgainstRecipe(found, datasetRecipe(recipe), manifestPath(dataset))];
}

async function observeCase(
  files: CaseFiles,
  cache: FactsCache,
  broken: readonly Fault[],
): Promise<{ case: CaseFacts; faults: Fault[] }> {
  const absent = new Set(broken.map(({ file }) => file));
  const faults: Fault[] = [];
  const observe = async (file: string, kind: ObservedFile['kind']): Promise<VolumeFacts | undefined> => {
    if (absent.has(file)) return undefined;
    return cache.observe(file, kind).catch((error: unknown) => {
      faults.push(faultOf(file, error));
      return undefined;
    });
  };
  const images: SeenImage[] = [];
  for (const file of files.images) {
    const facts = await observe(file, 'image');
    if (facts !== undefined) images.push({ file, facts });
  }
  const label = files.label === undefined ? undefined : await observe(files.label, 'label');
  return { case: { files, images, ...(label === undefined ? {} : { label }) }, faults };
}

/** What shows only when all cases are seen together. */
function checkTogether(
  dataset: Dataset,
  seen: readonly CaseFacts[],
  known: ReadonlyMap<number, number>,
): Fault[] {
  const path = manifestPath(dataset);
  return [
    ...checkDuplicates(seen, dataset.splits),
    ...checkOutliers(seen),
    ...checkHounsfield(seen, dataset.modality, path),
    ...checkAbsentClasses(seen, dataset.labels, (value) => known.get(value), path),
  ];
}
