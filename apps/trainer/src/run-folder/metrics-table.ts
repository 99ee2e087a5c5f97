import type { ValidationEvent } from '../loop/train-event.js';

/** `metrics.csv`: a row a validation, DSC (0 to 1) of each class and their mean; an empty field where it is undefined. */
export function metricsTable(classes: readonly string[], validations: readonly ValidationEvent[]): string {
  const header = ['step', 'mean_dsc', ...classes.map((name) => quoted(`dsc ${name}`))];
  const rows = validations.map(({ step, meanDsc, dsc }) => [
    step,
    meanDsc ?? '',
    ...classes.map((name) => dsc[name] ?? ''),
  ]);
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
