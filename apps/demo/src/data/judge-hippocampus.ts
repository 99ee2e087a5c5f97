import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type CaseFiles, type Dataset, PreprocessError } from '@bipvl/preprocess';
import { readDataset } from '@bipvl/preprocess/node';
import { hippocampusFolderName } from './hippocampus-archive.js';

/**
 * Whether a folder is, or holds, the hippocampus set: `absent` where there is nothing like it, `unfit` where
 * something is wrong with it.
 */
export type Judgement =
  | { readonly verdict: 'found'; readonly folder: string }
  | { readonly verdict: 'absent' | 'unfit'; readonly folder: string; readonly fault: string };

const fewestCases = 30;

/** What a folder must be; for error messages. */
export const expectation: string =
  `expected ${hippocampusFolderName} or the folder that holds it, with dataset.json (labels 1 Anterior, ` +
  `2 Posterior) and at least ${fewestCases} cases in imagesTr and labelsTr`;

/**
 * Looks at a folder itself and, where it has no `dataset.json`, at `Task04_Hippocampus` inside it. Opens no
 * scan.
 */
export async function judgeHippocampus(given: string): Promise<Judgement> {
  if (!(await exists(given))) return absent(given, 'there is no such folder');
  if (await exists(join(given, 'dataset.json'))) return judge(given);
  const inside = join(given, hippocampusFolderName);
  if (await exists(inside)) return judge(inside);
  return absent(given, `it holds neither dataset.json nor ${hippocampusFolderName}`);
}

async function judge(folder: string): Promise<Judgement> {
  const fault = await faultOf(folder);
  return fault === undefined ? { verdict: 'found', folder } : { verdict: 'unfit', folder, fault };
}

async function faultOf(folder: string): Promise<string | undefined> {
  try {
    const dataset = await readDataset(folder);
    return faultOfLabels(dataset) ?? (await faultOfCases(dataset.cases));
  } catch (error) {
    if (PreprocessError.isInstance(error)) return error.message;
    throw error;
  }
}

function faultOfLabels({ labels }: Dataset): string | undefined {
  const classes = labels.filter(({ id }) => id !== 0).map(({ id, name }) => `${id} ${name}`);
  if (classes.join(', ').toLowerCase() === '1 anterior, 2 posterior') return undefined;
  return `its dataset.json names the labels ${classes.join(', ')}`;
}

async function faultOfCases(cases: readonly CaseFiles[]): Promise<string | undefined> {
  const complete = await Promise.all(cases.map(hasItsFiles));
  const count = complete.filter(Boolean).length;
  return count >= fewestCases
    ? undefined
    : `it has ${count} cases with image and label, fewer than ${fewestCases}`;
}

async function hasItsFiles({ images, label }: CaseFiles): Promise<boolean> {
  if (label === undefined) return false;
  return (await Promise.all([...images, label].map(exists))).every(Boolean);
}

function absent(folder: string, fault: string): Judgement {
  return { verdict: 'absent', folder, fault };
}

async function exists(path: string): Promise<boolean> {
  // Whatever keeps it from being seen, it is not there for the demo; `readDataset` says more.
  return access(path).then(
    () => true,
    () => false,
  );
}
