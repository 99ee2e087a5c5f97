import { type EvaluateOptions, evaluate } from '../evaluate/evaluate.js';
import { summariseCases } from '../summary/summarise-cases.js';
import { printSummaryTable } from '../summary/summary-table.js';
import { ProgressPrinter } from './progress-printer.js';

/** What the command line says. */
export interface EvaluateFlags {
  readonly predictions: string;
  readonly references: string;
  readonly out: string;
  readonly tolerance: number;
  readonly labels?: EvaluateOptions['labels'];
  readonly json?: boolean;
}

/** `bipvl-evaluator evaluate`: progress on standard error, the table of scores on standard output. */
export async function runEvaluate(flags: EvaluateFlags, signal: AbortSignal): Promise<void> {
  const { predictions, references, out, tolerance, labels, json } = flags;
  process.stderr.write(`scoring ${predictions} against ${references}, results in ${out}\n`);
  const printer = new ProgressPrinter();
  try {
    const evaluation = await evaluate({
      predictions,
      references,
      out,
      tolerance,
      signal,
      ...(labels === undefined ? {} : { labels }),
      onProgress: ({ caseId, done, total }) => printer.update('scored', caseId, done, total),
    });
    const left = evaluation.withoutPrediction.length;
    if (left > 0) process.stderr.write(`note: ${left} reference(s) have no prediction and count nowhere\n`);
    if (json) process.stdout.write(`${JSON.stringify(evaluation, null, 2)}\n`);
    else
      printSummaryTable(summariseCases(evaluation.cases, evaluation.labels), evaluation.labels, {
        nsdToleranceMm: tolerance,
      });
  } finally {
    printer.stop();
  }
}
