import { type EvaluateOptions, evaluateFolder } from '../evaluate/evaluate-folder.js';
import { classSummaries } from '../summary/summarise-cases.js';
import { printSummaryTable } from '../summary/summary-table.js';
import { ProgressPrinter } from './progress-printer.js';

/** What the command line says. */
export interface EvaluateFlags extends Omit<EvaluateOptions, 'signal' | 'onProgress'> {
  readonly out: string;
  readonly tolerance: number;
  readonly json?: boolean;
}

/** `bipvl-evaluator evaluate`: progress on standard error, the table of scores on standard output. */
export async function runEvaluate({ json, ...options }: EvaluateFlags, signal: AbortSignal): Promise<void> {
  const { predictions, references, out, tolerance } = options;
  process.stderr.write(`scoring ${predictions} against ${references}, results in ${out}\n`);
  const printer = new ProgressPrinter();
  try {
    const evaluation = await evaluateFolder({
      ...options,
      signal,
      onProgress: ({ caseId, done, total }) => printer.update('scored', caseId, done, total),
    });
    const left = evaluation.withoutPrediction.length;
    if (left > 0) process.stderr.write(`note: ${left} reference(s) have no prediction and count nowhere\n`);
    if (json) process.stdout.write(`${JSON.stringify(evaluation, null, 2)}\n`);
    else
      printSummaryTable(classSummaries(evaluation.summary, evaluation.labels), evaluation.labels, {
        nsdToleranceMm: tolerance,
      });
  } finally {
    printer.stop();
  }
}
