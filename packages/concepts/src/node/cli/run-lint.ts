import { describeReview } from '../../review-state.js';
import { lint } from '../lint.js';
import { exitCodes } from './report-error.js';
import { findingLine } from './wording.js';

/** The command `lint`: 0 where no finding is an error, else 4. */
export async function runLint(set: string, json: boolean): Promise<number> {
  const { findings, fit, review, set: read } = await lint({ set });
  const lines = [
    ...findings.map(findingLine),
    `${read.name}: ${read.classes.length} classes, ${findings.length} findings, ${describeReview(review)}`,
  ];
  const text = json ? JSON.stringify({ name: read.name, fit, review, findings }, null, 2) : lines.join('\n');
  process.stdout.write(`${text}\n`);
  return fit ? 0 : exitCodes.data;
}
