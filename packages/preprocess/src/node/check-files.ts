import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CaseFiles, Dataset } from '../dataset/dataset.js';
import type { Fault } from '../dataset/fault.js';
import { isScanName, scanStem } from '../dataset/scan-name.js';
import { PreprocessError } from '../errors.js';
import { selectsCase } from '../recipes/selects-case.js';
import { fileFault } from './file-fault.js';
import { manifestPath } from './manifest-path.js';

/** Faults of the files of a case that can be seen without opening one: missing, not readable, no label named. */
export async function checkFiles(files: CaseFiles, dataset: Dataset): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const file of files.images) faults.push(...(await checkReadable(file, 'image')));
  if (files.label !== undefined) return [...faults, ...(await checkReadable(files.label, 'label'))];
  const mend = 'name its label under training in dataset.json, or remove the case';
  const fault = `case ${files.id} has no label`;
  return [...faults, { rule: 'no-label', file: manifestPath(dataset), fault, mend, severity: 'error' }];
}

async function checkReadable(file: string, what: 'image' | 'label'): Promise<Fault[]> {
  const failure = await access(file, constants.R_OK).then(
    () => undefined,
    (cause: unknown) => fileFault(file, cause),
  );
  if (failure === undefined) return [];
  if (failure.code === 'file-missing') {
    const mend = `add the ${what}, or remove the case`;
    return [{ rule: 'missing-file', file, fault: 'is missing', mend, severity: 'error' }];
  }
  return [faultOf(file, failure)];
}

/** The fault of a file that could not be read. Throws `error` again where it is no `PreprocessError`. */
export function faultOf(file: string, error: unknown): Fault {
  if (!PreprocessError.isInstance(error)) throw error;
  const fault = error.message.replace(`${file}: `, '');
  return { rule: error.code, file, fault, mend: error.hint, severity: 'error' };
}

/** Scans that lie beside those of the dataset but belong to no case of it, as warnings. */
export async function checkUnlisted(dataset: Dataset): Promise<Fault[]> {
  const files = dataset.cases.flatMap(({ images, label }) =>
    label === undefined ? images : [...images, label],
  );
  const listed = new Set(files.map((file) => resolve(file)));
  const folders = [...new Set(files.map((file) => dirname(file)))].sort();
  const faults: Fault[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder).catch(() => [])).sort(); // its files were reported as missing
    for (const name of names) {
      const file = join(folder, name);
      if (!isScanName(name) || listed.has(resolve(file)) || !belongs(dataset, name)) continue;
      const mend = 'list it in dataset.json with its label, or move it elsewhere';
      faults.push({
        rule: 'unlisted-file',
        file,
        fault: 'belongs to no case of the dataset',
        mend,
        severity: 'warning',
      });
    }
  }
  return faults;
}

function belongs({ recipe }: Dataset, name: string): boolean {
  return recipe === undefined || selectsCase(recipe, scanStem(name));
}
