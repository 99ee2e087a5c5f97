import Table from 'cli-table3';
import type { ClassSummary, ReportClass, Summary } from '../report/report-data.js';

/** What a table of scores is headed by. */
export interface SummaryTableOptions {
  /** Tolerance of the surface Dice in mm. Default 1. */
  readonly nsdToleranceMm?: number;
}

/** A text table, one row a class: DSC, HD95 in mm and NSD as mean and 95 % interval, and what was missed or made up. */
export function summaryTable(
  summary: readonly ClassSummary[],
  classes: readonly ReportClass[],
  { nsdToleranceMm = 1 }: SummaryTableOptions = {},
): string {
  const table = new Table({
    head: ['class', 'DSC', 'HD95 mm', `NSD ${nsdToleranceMm} mm`, 'cases', 'missed', 'made up'],
    style: { head: [], border: [] },
  });
  for (const { classId, dsc, hd95Mm, nsd } of summary) {
    const name = classes.find(({ id }) => id === classId)?.name ?? String(classId);
    table.push([name, cell(dsc, 3), cell(hd95Mm, 2), cell(nsd, 3), dsc.n, dsc.missed, dsc.hallucinated]);
  }
  return `${table.toString()}\nmean (95 % interval of the mean)`;
}

/** Prints the table on standard output. */
export function printSummaryTable(
  summary: readonly ClassSummary[],
  classes: readonly ReportClass[],
  options: SummaryTableOptions = {},
): void {
  process.stdout.write(`${summaryTable(summary, classes, options)}\n`);
}

function cell({ mean, low, high }: Summary, digits: number): string {
  if (mean === null) return '-';
  if (low === null || high === null) return mean.toFixed(digits);
  return `${mean.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
