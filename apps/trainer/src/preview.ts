import { readDataset } from '@bipvl/preprocess/node';
import type { ResolvedConfig, RunConfig } from './config/run-config.js';
import { checkCases } from './data/check-cases.js';
import { chooseCases } from './data/run-cases.js';
import { prepareTexts } from './prepare/prepare-texts.js';
import { resolveConfig } from './prepare/resolve-config.js';

/** The configuration a run would have, after everything that can be checked without an engine; nothing is written. */
export async function preview(config: RunConfig): Promise<ResolvedConfig> {
  const dataset = await readDataset(config.data);
  const resolved = resolveConfig(config, dataset);
  const { train, validation } = chooseCases(dataset, resolved.fold);
  await checkCases(dataset, { cases: [...train, ...validation] });
  await prepareTexts(resolved);
  return resolved;
}
