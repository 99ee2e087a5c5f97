import { join } from 'node:path';
import { cacheFolder } from '@bipvl/engine';
import { exitCodes } from '@bipvl/engine/command-line';
import { DATASET_RECIPES, isDatasetRecipeName } from '@bipvl/preprocess';
import { writeAtomically } from '@bipvl/preprocess/node';
import { type CheckResult, type CheckRunOptions, check } from '../check.js';
import { TrainerError } from '../errors.js';
import { faultLines, faultTable } from '../report/fault-table.js';
import { createTrainingReporter } from '../report/training-reporter.js';

/** What may be given to the command `check`. */
export interface CheckFlags {
  readonly json?: boolean;
  readonly recipe?: string;
  readonly fingerprint?: string;
  readonly caseIds?: boolean;
  /** A folder, or false after `--no-cache`; by default a folder of the user's own cache. */
  readonly cache?: string | false;
}

/** The command `check`: every fault with file and mend on standard output. */
export async function runCheck(data: string, flags: CheckFlags): Promise<number> {
  const reporter = createTrainingReporter(process.stderr);
  const onProgress: CheckRunOptions['onProgress'] = (what, done, total) =>
    reporter.onEvent({ type: 'progress', what, done, total });
  const result = await check({ ...optionsOf(data, flags), onProgress }).finally(() => reporter.stop());
  if (flags.fingerprint !== undefined && result.fingerprint !== undefined) {
    await writeAtomically(flags.fingerprint, jsonText(result.fingerprint));
  }
  process.stdout.write(flags.json === true ? jsonReport(data, result) : textReport(data, result, flags));
  return countsOf(result).errors > 0 ? exitCodes.data : 0;
}

function optionsOf(data: string, flags: CheckFlags): CheckRunOptions {
  const { recipe, fingerprint, caseIds = false, cache = join(cacheFolder(), 'check') } = flags;
  if (recipe !== undefined && !isDatasetRecipeName(recipe)) throw unknownRecipe(recipe);
  return {
    data,
    ...(recipe === undefined ? {} : { recipe }),
    ...(cache === false ? {} : { cacheFolder: cache }),
    ...(fingerprint === undefined ? {} : { fingerprint: { caseIds } }),
  };
}

function jsonReport(data: string, result: CheckResult): string {
  const { dataset, faults } = result;
  return jsonText({ data, name: dataset.name, ...countsOf(result), faults });
}

function textReport(data: string, result: CheckResult, { fingerprint }: CheckFlags): string {
  const { dataset, faults } = result;
  const { cases, opened, errors, warnings } = countsOf(result);
  const { isTTY, columns } = process.stdout;
  const table = isTTY === true ? faultTable(faults, data, columns) : faultLines(faults, data);
  const summary = `${dataset.name || data}: ${cases} cases, ${opened} opened, ${errors} errors, ${warnings} warnings`;
  const skipped = fingerprint !== undefined && result.fingerprint === undefined;
  return [
    ...(faults.length === 0 ? [] : [table]),
    summary,
    ...(skipped ? [`${fingerprint} was not written: mend the errors first`] : []),
    '',
  ].join('\n');
}

function countsOf({
  dataset,
  opened,
  faults,
}: CheckResult): Record<'cases' | 'opened' | 'errors' | 'warnings', number> {
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  return { cases: dataset.cases.length, opened, errors, warnings: faults.length - errors };
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function unknownRecipe(name: string): TrainerError {
  return new TrainerError('unknown-recipe', `--recipe: there is no dataset recipe '${name}'`, {
    kind: 'usage',
    hint: `name one of ${Object.keys(DATASET_RECIPES).join(', ')}`,
  });
}
