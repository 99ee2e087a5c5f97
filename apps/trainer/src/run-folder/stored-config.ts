import { access } from 'node:fs/promises';
import { configDifference } from '../config/config-difference.js';
import { formatConfig, readConfigFile } from '../config/config-file.js';
import { parseRunConfig } from '../config/parse-run-config.js';
import type { ResolvedConfig, RunConfig } from '../config/run-config.js';
import { TrainerError } from '../errors.js';
import { decisive } from './identity.js';
import { type RunPaths, runPaths } from './run-paths.js';
import { writeRunFile } from './write-file.js';

/** The configuration that a run folder was made with. @throws TrainerError `no-run` where there is none. */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const { config } = runPaths(folder);
  if (!(await exists(config))) throw noRun(folder);
  return parseRunConfig(await readConfigFile(config), config);
}

/** Whether a folder holds a run: a configuration is the first thing a run writes. */
export async function holdsRun({ config }: RunPaths): Promise<boolean> {
  return exists(config);
}

export async function storeConfig(config: ResolvedConfig, { config: path }: RunPaths): Promise<void> {
  await writeRunFile(path, formatConfig(config));
}

/** @throws TrainerError `config-differs` naming the keys in which a configuration is not the one that the run was begun with. */
export async function requireSameConfig(
  config: ResolvedConfig,
  { folder, config: path }: RunPaths,
): Promise<void> {
  const stored = (await readRunConfig(folder)) as ResolvedConfig;
  const keys = configDifference(decisive(config), decisive(stored));
  if (keys.length === 0) return;
  throw new TrainerError(
    'config-differs',
    `${path}: the run was begun with other values of ${keys.join(', ')}`,
    {
      kind: 'usage',
      hint: 'resume without changing them, or begin again with --fresh',
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function noRun(folder: string): TrainerError {
  return new TrainerError('no-run', `${folder}: holds no run to resume`, {
    kind: 'usage',
    hint: 'name the folder of a run, or leave out --resume to begin one',
  });
}
