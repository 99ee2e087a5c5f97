import { isSame } from '../../diff.js';
import { diff } from '../diff.js';
import { differenceLines } from './wording.js';

/** The command `diff`. */
export async function runDiff(before: string, after: string, json: boolean): Promise<void> {
  const difference = await diff({ before, after });
  const lines = isSame(difference) ? ['the same classes and texts'] : differenceLines(difference);
  process.stdout.write(`${json ? JSON.stringify(difference, null, 2) : lines.join('\n')}\n`);
}
