import { predict } from '@bipvl/evaluator';
import type { CaseFiles } from '@bipvl/preprocess';
import type { DemoPaths } from './demo-paths.js';

/** Does once what the demonstration tells a person to do: one mask beside the report. The path of the mask, or undefined without a case. */
export async function tryPrediction(
  { bundle, predictions }: DemoPaths,
  files: CaseFiles | undefined,
): Promise<string | undefined> {
  const scan = files?.images[0];
  if (scan === undefined) return undefined;
  const [predicted] = await predict(bundle, scan, { out: predictions });
  return predicted?.output;
}
