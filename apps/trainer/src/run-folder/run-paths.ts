import { join } from 'node:path';

/** Names of everything a run writes, by what it is; only these are ever removed. */
export const runNames = {
  config: 'config.yaml',
  splits: 'splits.json',
  manifest: 'manifest.json',
  log: 'log.jsonl',
  metrics: 'metrics.csv',
  replay: 'replay.json',
  checkpoints: 'checkpoints',
  tensorBoard: 'tensorboard',
  bundle: 'bundle',
} as const;

export const lockName = 'run.lock';

/** Prepared cases, as long as the run may need them again; found by content, so that any run may take them over. */
const cacheName = 'cache';

/** The paths of a run in its folder. */
export type RunPaths = { readonly [Name in keyof typeof runNames]: string } & {
  readonly folder: string;
  readonly cache: string;
};

/** Where everything of the run in a folder lies. */
export function runPaths(folder: string): RunPaths {
  const entries = Object.entries(runNames).map(([key, name]) => [key, join(folder, name)]);
  const named = Object.fromEntries(entries) as { [Name in keyof typeof runNames]: string };
  return { ...named, folder, cache: join(folder, cacheName) };
}
