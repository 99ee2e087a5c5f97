import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EvaluatorError } from '../errors.js';
import { listFiles } from '../files/list-files.js';
import { caseNameOf, isVolumeName, listVolumeFiles } from '../files/volume-files.js';

/** A scan to segment and where its mask goes. */
export interface PlannedFile {
  readonly input: string;
  readonly output: string;
}

/**
 * The scans that files and folders stand for, each with its mask of the same name in `out`: `.nii` for a `.nii`, else `.nii.gz`.
 * A folder stands for the NIfTI, NRRD and MHA files in it; one without any, for the DICOM series in it.
 * @throws EvaluatorError `input-missing`, `not-scan-name`, `no-scan`, `same-name` for two inputs of one name, `overwrites-input`.
 */
export async function listInputs(inputs: readonly string[], out: string): Promise<PlannedFile[]> {
  const files = (await Promise.all(inputs.map(expand))).flat();
  if (files.length === 0) throw usage('no-input', 'there is no scan to segment', 'name files or a folder');
  const planned = files.map((input) => ({ input, output: join(out, maskNameOf(input)) }));
  refuseSameNames(planned);
  await refuseOverwriting(planned);
  return planned;
}

async function expand(input: string): Promise<string[]> {
  if (await isFolder(input)) return scansIn(input);
  if (isVolumeName(input)) return [input];
  throw new EvaluatorError('not-scan-name', `${input}: is not named as a NIfTI, NRRD or MHA file`, {
    kind: 'data',
    hint: 'give .nii, .nii.gz, .hdr, .nrrd or .mha files, a folder of them, or the folder of a DICOM series',
  });
}

async function scansIn(folder: string): Promise<string[]> {
  const files = await listVolumeFiles(folder);
  if (files.length > 0) return files;
  if ((await listFiles(folder, /./)).length > 0) return [folder];
  throw new EvaluatorError('no-scan', `${folder}: holds no scan`, {
    kind: 'data',
    hint: 'give a folder with .nii, .nii.gz, .nrrd or .mha files directly in it, or with the slices of a DICOM series',
  });
}

async function isFolder(input: string): Promise<boolean> {
  try {
    return (await stat(input)).isDirectory();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new EvaluatorError('input-missing', `${input}: cannot be found (${code ?? String(cause)})`, {
      kind: 'data',
      hint: 'check the path of the scan',
      cause,
    });
  }
}

function maskNameOf(input: string): string {
  return `${caseNameOf(resolve(input))}${/\.nii$/i.test(input) ? '.nii' : '.nii.gz'}`;
}

function refuseSameNames(planned: readonly PlannedFile[]): void {
  const inputs = new Map<string, string>();
  for (const { input, output } of planned) {
    // Some file systems do not tell case apart.
    const key = output.toLowerCase();
    const other = inputs.get(key);
    if (other !== undefined) {
      throw usage(
        'same-name',
        `${other} and ${input} would both become ${output}`,
        'predict them into two folders',
      );
    }
    inputs.set(key, input);
  }
}

/** Compares files, not paths, so that links and `..` do not matter. */
async function refuseOverwriting(planned: readonly PlannedFile[]): Promise<void> {
  const inputs = new Map<string, string>();
  for (const { input } of planned) inputs.set((await identityOf(input)) ?? input, input);
  for (const { output } of planned) {
    const input = inputs.get((await identityOf(output)) ?? '');
    if (input === undefined) continue;
    throw usage('overwrites-input', `${output} is the scan ${input} itself`, 'give another folder by --out');
  }
}

/** Device and number of a file; undefined where there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined; // a file that is not there yet overwrites nothing
  }
}

function usage(code: string, message: string, hint: string): EvaluatorError {
  return new EvaluatorError(code, message, { kind: 'usage', hint });
}
