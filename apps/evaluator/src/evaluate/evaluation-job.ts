import type { ConventionName, NamedCase } from '@bipvl/metrics';
import type { Label } from '@bipvl/segmenter';
import { readMask } from '../files/read-mask.js';
import { requireSameGrid } from '../files/same-grid.js';
import { naming } from '../naming.js';
import { labelIdsIn } from './label-ids-in.js';
import type { MatchedFiles } from './match-files.js';
import { scoreCase } from './score-case.js';

/** What is scored in every case. */
export interface Scoring {
  readonly labels: readonly Label[];
  readonly nsdToleranceMm: number;
  readonly convention: ConventionName;
}

/** One thing to do with the two masks of a case, as plain data that can be sent to a worker thread. */
export type EvaluationJob =
  | { readonly kind: 'find-labels'; readonly files: MatchedFiles }
  | { readonly kind: 'score'; readonly files: MatchedFiles; readonly scoring: Scoring };

/** What comes back for each kind of job. */
export interface EvaluationResults {
  /** Every value but 0 in prediction or reference. */
  readonly 'find-labels': number[];
  readonly score: NamedCase;
}

/** Does a job, holding the masks of its case alone. Throws `EvaluatorError`, `PreprocessError` or `MetricsError`, naming the file or case. */
export async function doEvaluationJob(job: EvaluationJob): Promise<EvaluationResults[EvaluationJob['kind']]> {
  return job.kind === 'find-labels' ? findLabels(job.files) : score(job.files, job.scoring);
}

async function findLabels({ prediction, reference }: MatchedFiles): Promise<number[]> {
  const ids = new Set(labelIdsIn(await readMask(reference), reference));
  for (const id of labelIdsIn(await readMask(prediction), prediction)) ids.add(id);
  return [...ids];
}

async function score(files: MatchedFiles, scoring: Scoring): Promise<NamedCase> {
  const reference = await readMask(files.reference);
  const prediction = await readMask(files.prediction);
  requireSameGrid(
    { name: files.reference, volume: reference },
    { name: files.prediction, volume: prediction },
  );
  const result = await naming(files.caseId, () => scoreCase({ prediction, reference, ...scoring }));
  return { caseId: files.caseId, ...result };
}
