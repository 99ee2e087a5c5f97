import type { LintFinding } from '../lint/finding.js';
import { type LintOptions, lintConceptSet } from '../lint/lint.js';
import { type ReviewState, reviewState } from '../review-state.js';
import type { ConceptSet } from '../schema.js';
import { findConceptSet } from './find-concept-set.js';

/** What to lint. */
export interface LintSetOptions extends LintOptions {
  /** Name of a shipped set, or a JSON file. */
  readonly set: string;
}

/** What a lint found; `fit` says that no finding is an error. */
export interface LintReport {
  readonly set: ConceptSet;
  readonly findings: readonly LintFinding[];
  readonly fit: boolean;
  readonly review: ReviewState;
}

/** Lints a concept set, and says whether a person has signed it. @throws ConceptError of `findConceptSet` */
export async function lint({ set: nameOrPath, ...options }: LintSetOptions): Promise<LintReport> {
  const set = await findConceptSet(nameOrPath);
  const findings = lintConceptSet(set, options);
  const fit = findings.every(({ severity }) => severity !== 'error');
  return { set, findings, fit, review: await reviewState(set) };
}
