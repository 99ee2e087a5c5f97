import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EvaluatorError } from '../errors.js';
import { isNiftiName, listNiftiFiles } from '../files/nifti-files.js';

/** A scan to segment and where its mask goes. */
export interface PlannedFile {
  readonly input: string;
  readonly output: string;
}

/**
 * The scans that files and folders stand for, each with its mask of the same name in `out` (`.nii.gz` for a `.hdr`/`.img` pair).
 * @throws EvaluatorError `input-missing`, `not-nifti-name`, `no-nifti`, `same-name` for two inputs of one name, `overwrites-input`.
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
  if (await isFolder(input)) return listNiftiFiles(input);
  if (isNiftiName(input)) return [input];
  throw new EvaluatorError('not-nifti-name', `${input}: is not named as a NIfTI file`, {
    kind: 'data',
    hint: 'give .nii, .nii.gz or .hdr files, or a folder of them',
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
  return basename(input).replace(/\.hdr$/i, '.nii.gz');
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
