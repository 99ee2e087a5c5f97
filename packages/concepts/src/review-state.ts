import { hashOf } from './hash.js';
import type { ConceptSet, Rejection } from './schema.js';

/**
 * Whether a person stands behind the texts of a set: `unreviewed` nobody has signed; `rejected` a reviewer did not accept
 * every text; `changed` a text is another since it was signed; `reviewed` signed as it is.
 */
export type ReviewState = 'unreviewed' | 'rejected' | 'changed' | 'reviewed';

const words: Readonly<Record<ReviewState, string>> = {
  unreviewed: 'not reviewed by a person',
  rejected: 'a reviewer rejected texts of it',
  changed: 'changed since it was reviewed',
  reviewed: 'reviewed',
};

/** A review state in words, as lists, notices and reports say it. */
export function describeReview(state: ReviewState): string {
  return words[state];
}

/** What a reviewer decided: who, when (YYYY-MM-DD), and the texts that were not accepted. */
export interface ReviewOutcome {
  readonly reviewer: string;
  readonly date: string;
  readonly rejected: readonly Rejection[];
}

/** SHA-256 of what a review vouches for, as 64 hexadecimal digits: modality, labels, names and six texts of every class. */
export async function reviewHash({ modality, classes }: ConceptSet): Promise<string> {
  const read = classes.map(({ label, name, concepts }) => ({ label, name, concepts }));
  return hashOf({ modality, classes: read });
}

/** The review state of a set as it is now. */
export async function reviewState(set: ConceptSet): Promise<ReviewState> {
  if (set.review === undefined) return 'unreviewed';
  if (set.review.hash !== (await reviewHash(set))) return 'changed';
  return set.review.rejected.length > 0 ? 'rejected' : 'reviewed';
}

/** A copy of the set that holds the outcome of a review, bound to its texts by their hash. */
export async function withReview(set: ConceptSet, outcome: ReviewOutcome): Promise<ConceptSet> {
  const { reviewer, date, rejected } = outcome;
  return { ...set, review: { reviewer, date, hash: await reviewHash(set), rejected: [...rejected] } };
}
