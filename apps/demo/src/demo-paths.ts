import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that `npm start` runs in. */
export const repositoryRoot: string = fileURLToPath(new URL('../../..', import.meta.url));

/** What the demonstration adds to the run folder of the trainer. */
export interface DemoPaths {
  readonly run: string;
  readonly bundle: string;
  /** The run of the same backbone without text. */
  readonly noText: string;
  readonly predictions: string;
  readonly results: string;
  readonly report: string;
}

export function demoPaths(out: string): DemoPaths {
  return {
    run: out,
    bundle: join(out, 'bundle'),
    noText: join(out, 'no-text'),
    predictions: join(out, 'predictions'),
    results: join(out, 'results.json'),
    report: join(out, 'report.html'),
  };
}
