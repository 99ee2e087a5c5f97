import { exitCodes } from '@bipvl/engine/command-line';
import type { Fault } from '@bipvl/preprocess';
import { check } from '../check.js';
import { createTrainingReporter } from '../report/training-reporter.js';

/** The command `check`: every fault with file and mend on standard output. */
export async function runCheck(data: string, json: boolean): Promise<number> {
  const reporter = createTrainingReporter(process.stderr);
  const onProgress = (done: number, total: number) =>
    reporter.onEvent({ type: 'progress', what: 'checking cases', done, total });
  const { dataset, opened, faults } = await check({ data, onProgress }).finally(() => reporter.stop());
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  const counts = { cases: dataset.cases.length, opened, errors, warnings: faults.length - errors };
  if (json)
    process.stdout.write(`${JSON.stringify({ data, name: dataset.name, ...counts, faults }, null, 2)}\n`);
  else
    process.stdout.write(
      [...faults.map(faultText), summary(dataset.name || data, counts)].join('\n').concat('\n'),
    );
  return errors > 0 ? exitCodes.data : 0;
}

function faultText({ severity, file, fault, mend }: Fault): string {
  return `${severity}: ${file}: ${fault}\nmend: ${mend}`;
}

function summary(
  name: string,
  { cases, opened, errors, warnings }: Readonly<Record<string, number>>,
): string {
  return `${name}: ${cases} cases, ${opened} opened, ${errors} errors, ${warnings} warnings`;
}
