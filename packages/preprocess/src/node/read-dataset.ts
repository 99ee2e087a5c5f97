import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { isCaseId } from '../dataset/case-id.js';
import type { CaseFiles, Dataset } from '../dataset/dataset.js';
import { type Manifest, manifestSchema } from '../dataset/manifest.js';
import { parseJson } from '../dataset/parse-json.js';
import { isScanName, scanStem } from '../dataset/scan-name.js';
import { type Splits, splitsSchema } from '../dataset/splits.js';
import { PreprocessError } from '../errors.js';
import { type DatasetRecipeName, datasetRecipe } from '../recipes/dataset-recipes.js';
import { recipeSplits } from '../recipes/recipe-splits.js';
import { selectsCase } from '../recipes/selects-case.js';
import { fileFault } from './file-fault.js';
import { manifestPath } from './manifest-path.js';
import { readJsonText } from './read-json-text.js';
import { readMmWhs } from './read-mm-whs.js';

const SPLIT_FILES = ['splits.json', 'splits_final.json'];
const CHANNEL_SUFFIX = /_(\d{4})$/;

/** How a folder is read. */
export interface ReadDatasetOptions {
  /** Name of the recipe of a known dataset: its layout, its part of the cases, and its folds where the folder has none. */
  readonly recipe?: DatasetRecipeName;
}

/** A dataset before its split, and which cases it holds out itself. */
interface Listed {
  readonly dataset: Omit<Dataset, 'splits'>;
  readonly heldOut: readonly string[];
}

/**
 * Reads a Decathlon or nnU-Net folder: `dataset.json`, the list of cases, and `splits.json` or `splits_final.json`
 * when present. With a recipe, AMOS22 and MM-WHS folders are read as they are. No scan is opened. Throws
 * `file-missing`, `bad-json`, `bad-manifest`, `bad-case-id`, `unsafe-path`, `duplicate-case` or `no-cases`, each naming
 * the file and key.
 */
export async function readDataset(folder: string, options: ReadDatasetOptions = {}): Promise<Dataset> {
  const { recipe } = options;
  const listed =
    recipe !== undefined && datasetRecipe(recipe).layout === 'mm-whs'
      ? { dataset: await readMmWhs(folder, recipe), heldOut: [] }
      : await readManifest(folder, recipe);
  const { dataset, heldOut } = listed;
  const path = manifestPath(dataset);
  const cases = [...dataset.cases].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (cases.length === 0) throw withoutCases(path);
  refuseDuplicates(cases, path);
  const ids = cases.map(({ id }) => id);
  const splits = (await readSplits(folder)) ?? ownSplits(recipe, ids, heldOut);
  return { ...dataset, cases, ...(splits === undefined ? {} : { splits }) };
}

async function readManifest(folder: string, recipe: DatasetRecipeName | undefined): Promise<Listed> {
  const path = join(folder, 'dataset.json');
  const {
    training,
    validation = [],
    ...manifest
  } = parseJson(await readJsonText(path), manifestSchema, path);
  const named =
    training === undefined ? await listCases(folder, manifest) : listedCases(folder, path, training);
  if (recipe === undefined) return { dataset: { ...manifest, folder, cases: named }, heldOut: [] };
  const listsHeldOut = datasetRecipe(recipe).layout === 'amos';
  const others = listsHeldOut ? listedCases(folder, path, validation) : [];
  const cases = [...named, ...others].filter(({ id }) => selectsCase(recipe, id));
  const heldOut = others.map(({ id }) => id).filter((id) => selectsCase(recipe, id));
  return { dataset: { ...manifest, folder, cases, recipe }, heldOut };
}

/** The folds of a recipe; none where there are too few cases, which the check reports. */
function ownSplits(
  recipe: DatasetRecipeName | undefined,
  ids: readonly string[],
  heldOut: readonly string[],
): Splits | undefined {
  if (recipe === undefined) return undefined;
  const { split } = datasetRecipe(recipe);
  return ids.length - heldOut.length < split.folds ? undefined : recipeSplits(split, ids, heldOut);
}

function withoutCases(path: string): PreprocessError {
  return fault(
    'no-cases',
    `${path}: holds no case to train on`,
    'add cases to imagesTr and list them in dataset.json',
  );
}

/** The Decathlon's way: the manifest names every file. */
function listedCases(folder: string, path: string, training: NonNullable<Manifest['training']>): CaseFiles[] {
  return training.map(({ image, label }, index) => {
    const id = caseIdOf(image, path, index);
    const images = [inside(folder, image, path)];
    return label === undefined ? { id, images } : { id, images, label: inside(folder, label, path) };
  });
}

/** nnU-Net's way: the folder names the cases, `ID_0000.nii.gz` for channel 0 and so on. */
async function listCases(folder: string, manifest: Pick<Manifest, 'fileEnding'>): Promise<CaseFiles[]> {
  const { fileEnding } = manifest;
  const files = (await listFolder(join(folder, 'imagesTr')))
    .filter((name) => isScanName(name) && name.endsWith(fileEnding))
    .sort();
  const images = new Map<string, string[]>();
  for (const [index, file] of files.entries()) {
    const stem = caseIdOf(file, join(folder, 'imagesTr'), index);
    const id = stem.replace(CHANNEL_SUFFIX, '');
    images.set(id, [...(images.get(id) ?? []), join(folder, 'imagesTr', file)]);
  }
  return [...images].map(([id, paths]) => ({
    id,
    images: paths,
    label: join(folder, 'labelsTr', `${id}${fileEnding}`),
  }));
}

function caseIdOf(path: string, where: string, index: number): string {
  const id = scanStem(basename(path));
  if (isCaseId(id)) return id;
  const message = `${where}: training.${index}: file name ${JSON.stringify(basename(path))} makes no case id`;
  throw fault('bad-case-id', message, 'name the file with 1 to 128 of A-Z a-z 0-9 . _ - only');
}

/** A path of the manifest, which may not leave the folder. */
function inside(folder: string, path: string, manifest: string): string {
  const full = resolve(folder, normalize(path));
  if (!isAbsolute(path) && full.startsWith(resolve(folder) + sep)) return join(folder, normalize(path));
  const message = `${manifest}: path ${JSON.stringify(path)} leaves the dataset folder`;
  throw fault('unsafe-path', message, 'use paths below the folder, such as ./imagesTr/case.nii.gz');
}

function refuseDuplicates(cases: readonly CaseFiles[], path: string): void {
  const twice = cases.find((entry, index) => entry.id === cases[index + 1]?.id);
  if (twice !== undefined)
    throw fault('duplicate-case', `${path}: case ${twice.id} is listed twice`, 'remove one');
}

async function readSplits(folder: string): Promise<Splits | undefined> {
  const names = await listFolder(folder);
  const name = SPLIT_FILES.find((candidate) => names.includes(candidate));
  if (name === undefined) return undefined;
  const path = join(folder, name);
  return parseJson(await readJsonText(path), splitsSchema, path);
}

async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw fileFault(path, cause);
  }
}

function fault(code: string, message: string, hint: string): PreprocessError {
  return new PreprocessError(code, message, { kind: 'data', hint });
}
