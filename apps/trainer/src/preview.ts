import type { ResolvedConfig, RunConfig } from './config/run-config.js';
import { checkCases } from './data/check-cases.js';
import { openDataset } from './data/open-dataset.js';
import { chooseCases } from './data/run-cases.js';
import { prepareTexts } from './prepare/prepare-texts.js';
import { resolveRun } from './prepare/resolve-run.js';

/**
 * The configuration a run would have, after everything that can be checked without an engine; nothing is written.
 * `onNotice` hears what was changed in it, and what to know of its texts.
 */
export async function preview(
  config: RunConfig,
  onNotice: (message: string) => void = () => {},
): Promise<ResolvedConfig> {
  const dataset = await openDataset(config);
  const { config: resolved, notices } = await resolveRun(config, dataset);
  for (const message of notices) onNotice(message);
  const { train, validation } = chooseCases(dataset, resolved.fold);
  await checkCases(dataset, { cases: [...train, ...validation] });
  const texts = await prepareTexts(resolved);
  for (const message of texts?.notices ?? []) onNotice(message);
  return resolved;
}
