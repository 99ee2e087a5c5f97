import type { Dataset } from '@bipvl/preprocess';
import type { ResolvedConfig, RunConfig } from '../config/run-config.js';
import { resolveConfig } from './resolve-config.js';
import { resolveFlips } from './resolve-flips.js';
import { type Fetching, resolveText } from './resolve-text.js';

/** A configuration with everything that dataset, texts and published weights decide, and what was changed in it. */
export async function resolveRun(
  config: RunConfig,
  dataset: Dataset,
  fetching: Fetching = {},
): Promise<{ config: ResolvedConfig; notices: readonly string[] }> {
  const flips = await resolveFlips(resolveConfig(config, dataset));
  const text = await resolveText(flips.config, fetching);
  return { config: text.config, notices: [...flips.notices, ...text.notices] };
}
