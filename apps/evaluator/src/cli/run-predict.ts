import Table from 'cli-table3';
import { type PredictedFile, type PredictProgress, predict } from '../predict/predict.js';
import { ProgressPrinter } from './progress-printer.js';

/** What the command line says. */
export interface PredictFlags {
  readonly out: string;
  readonly overlap: number;
  readonly json?: boolean;
}

const titles = { check: 'checked', predict: 'segmented' } as const;

/** `bipvl-evaluator predict`: progress on standard error, volumes on standard output. */
export async function runPredict(
  bundle: string,
  inputs: readonly string[],
  flags: PredictFlags,
  signal: AbortSignal,
): Promise<void> {
  const { out, overlap } = flags;
  process.stderr.write(`segmenting ${inputs.join(' ')} with ${bundle} into ${out}, overlap ${overlap}\n`);
  const printer = new ProgressPrinter();
  try {
    const predicted = await predict(bundle, inputs, {
      out,
      overlap,
      signal,
      onProgress: (progress) => show(printer, progress),
      onWarning: (message) => process.stderr.write(`warning: ${message}\n`),
    });
    process.stdout.write(
      flags.json ? `${JSON.stringify({ bundle, masks: predicted }, null, 2)}\n` : volumesTable(predicted),
    );
  } finally {
    printer.stop();
  }
}

function show(printer: ProgressPrinter, { phase, input, done, total, windows }: PredictProgress): void {
  printer.update(titles[phase], input, done, total, windows && windows.done / windows.total);
}

function volumesTable(predicted: readonly PredictedFile[]): string {
  const names = predicted[0]?.volumes.map(({ name }) => `${name} ml`) ?? [];
  const table = new Table({ head: ['mask', ...names], style: { head: [], border: [] } });
  for (const { output, volumes } of predicted)
    table.push([output, ...volumes.map(({ ml }) => ml.toFixed(2))]);
  return `${table.toString()}\nResearch use only: not a medical device.\n`;
}
