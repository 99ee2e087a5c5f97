import { type DemoData, findDemoData } from './data/index.js';
import type { DemoOptions } from './demo-options.js';
import { repositoryRoot } from './demo-paths.js';
import { say } from './say.js';

/** The scans to use; says what was passed over on the way. */
export function findData({ data, environment, seed, signal, phantom }: DemoOptions): Promise<DemoData> {
  return findDemoData({
    data,
    environment,
    repositoryRoot,
    seed,
    signal,
    phantom: phantom ?? false,
    onNote: (line) => say(`note: ${line}`),
  });
}
