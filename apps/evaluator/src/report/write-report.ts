import { writeAtomically } from '@bipvl/preprocess/node';
import { renderReport } from './render-report.js';
import type { ReportData } from './report-data.js';

/** Writes the report of a run as one HTML file, whole or not at all. Throws PreprocessError `file-unreadable` or `file-resource`. */
export async function writeReport(data: ReportData, path: string): Promise<void> {
  await writeAtomically(path, renderReport(data));
}
