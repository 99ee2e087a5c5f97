import { readdir, readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { isCaseId } from '../dataset/case-id.js';
import type { CaseFiles, Dataset } from '../dataset/dataset.js';
import { type Manifest, manifestSchema } from '../dataset/manifest.js';
import { parseJson } from '../dataset/parse-json.js';
import { type Splits, splitsSchema } from '../dataset/splits.js';
import { PreprocessError } from '../errors.js';
import { fileFault } from './file-fault.js';

const SPLIT_FILES = ['splits.json', 'splits_final.json'];
const CHANNEL_SUFFIX = /_(\d{4})$/;

/**
 * Reads a Decathlon or nnU-Net folder: `dataset.json`, the list of cases, and `splits.json` or `splits_final.json`
 * when present. No scan is opened. Throws `file-missing`, `bad-json`, `bad-manifest`, `bad-case-id`, `unsafe-path` or
 * `no-cases`, each naming the file and key.
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const path = join(folder, 'dataset.json');
  const { training, ...manifest } = parseJson(await readText(path), manifestSchema, path);
  const cases =
    training === undefined ? await listCases(folder, manifest) : listedCases(folder, path, training);
  if (cases.length === 0) {
    throw fault(
      'no-cases',
      `${path}: lists no training case, and imagesTr holds none`,
      'add cases to imagesTr',
    );
  }
  const sorted = cases.sort((a, b) => (a.id < b.id ? -1 : 1));
  refuseDuplicates(sorted, path);
  const splits = await readSplits(folder);
  return { ...manifest, folder, cases: sorted, ...(splits === undefined ? {} : { splits }) };
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
async function listCases(folder: string, manifest: Omit<Manifest, 'training'>): Promise<CaseFiles[]> {
  const { fileEnding } = manifest;
  const files = (await listFolder(join(folder, 'imagesTr')))
    .filter((name) => name.endsWith(fileEnding))
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
  const id = basename(path).replace(/\.nii(\.gz)?$/, '');
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
  return parseJson(await readText(path), splitsSchema, path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw fileFault(path, cause);
  }
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
