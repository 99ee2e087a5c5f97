import { readFile } from 'node:fs/promises';
import type { DemoOptions } from './demo-options.js';
import type { DemoPaths } from './demo-paths.js';
import { DemoError } from './errors.js';
import { findData } from './find-data.js';
import { openReport } from './open-report.js';
import type { DemoResults } from './results.js';
import { say } from './say.js';
import { sayWhere } from './say-where.js';

/**
 * Shows a run that is finished instead of training again.
 * @throws DemoError `another-run` when something else was asked for than what the run folder holds
 */
export async function showFinished(paths: DemoPaths, options: DemoOptions): Promise<void> {
  const results: DemoResults = JSON.parse(await readFile(paths.results, 'utf8'));
  requireSameRun(results, options);
  if (options.data !== undefined) await findData(options);
  say(`finished already, on ${results.data}; npm start -- --fresh trains again`);
  for (const [name, dsc] of Object.entries(results.dsc))
    say(`${name}: DSC ${dsc === null ? '-' : dsc.toFixed(3)}`);
  sayWhere(paths);
  await openReport(paths.report, options.environment);
}

function requireSameRun(results: DemoResults, { seed, fold, steps, phantom, data, out }: DemoOptions): void {
  const asked = [
    ['seed', seed, results.seed],
    ['fold', fold, results.fold],
    ['steps', steps ?? results.steps, results.steps],
    ['data', phantom ? 'phantom' : data === undefined ? results.data : 'hippocampus', results.data],
  ] as const;
  const other = asked.find(([, wanted, found]) => wanted !== found);
  if (other === undefined) return;
  const [name, wanted, found] = other;
  throw new DemoError(
    'another-run',
    `${out} holds a finished run with ${name} ${found}, asked for ${wanted}`,
    {
      kind: 'usage',
      hint: 'add --fresh to replace it, or choose another folder with --out',
    },
  );
}
