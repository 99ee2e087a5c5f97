import { ConceptError } from '../errors.js';
import type { LintFinding } from '../lint/finding.js';
import { lintConceptSet } from '../lint/lint.js';
import { parseConceptSet } from '../parse.js';
import { type ReviewState, reviewState, withReview } from '../review-state.js';
import type { ConceptClass, ConceptSet, Rejection } from '../schema.js';
import { SLOTS, type SlotKey } from '../slots.js';
import { readConceptSet } from './read-concept-set.js';
import { writeConceptSet } from './write-concept-set.js';

/** A text that a reviewer is asked about. */
export interface ReviewQuestion {
  readonly class: string;
  readonly slot: SlotKey;
  readonly text: string;
  /** What the lint says of it. */
  readonly findings: readonly LintFinding[];
  /** Why it was rejected the last time, if it was. */
  readonly rejected: string | null;
  /** Counted from 1. */
  readonly number: number;
  readonly total: number;
}

/** A reviewer's answer; `stop` ends the review without a signature. */
export type ReviewAnswer =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'edit'; readonly text: string }
  | { readonly verdict: 'reject'; readonly reason: string }
  | { readonly verdict: 'stop' };

/** Which file, who reviews it, and how that person is asked. */
export interface ReviewOptions {
  readonly file: string;
  readonly reviewer: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Asked once for each text; after an edit once more about the new text. */
  readonly ask: (question: ReviewQuestion) => Promise<ReviewAnswer>;
}

/** How a review ended. */
export interface ReviewResult {
  readonly set: ConceptSet;
  readonly state: ReviewState;
  readonly edited: number;
  readonly rejected: readonly Rejection[];
  readonly stopped: boolean;
}

/**
 * Walks a person through every text of a file and signs it with name, date and a hash of the texts. A stopped review keeps the edits
 * and signs nothing; a rejected text keeps the set from counting as reviewed.
 * @throws ConceptError of `readConceptSet` and `writeConceptSet`; `no-reviewer`
 */
export async function review({ file, reviewer, date, ask }: ReviewOptions): Promise<ReviewResult> {
  if (reviewer.trim() === '')
    throw new ConceptError('no-reviewer', 'the reviewer has no name', {
      kind: 'usage',
      hint: 'Give the name that will stand in the file, e.g. --reviewer "A. Radiologist".',
    });
  const before = await readConceptSet(file);
  const walk = await walkThrough(before, ask);
  const { set, edited, rejected, stopped } = walk;
  const signed = stopped ? set : await withReview(set, { reviewer: reviewer.trim(), date, rejected });
  if (!stopped || edited > 0) await writeConceptSet(file, signed);
  return { set: signed, state: await reviewState(signed), edited, rejected, stopped };
}

interface Walk {
  readonly set: ConceptSet;
  readonly edited: number;
  readonly rejected: Rejection[];
  readonly stopped: boolean;
}

async function walkThrough(before: ConceptSet, ask: ReviewOptions['ask']): Promise<Walk> {
  let set = before;
  let edited = 0;
  const rejected: Rejection[] = [];
  const places = set.classes.flatMap((each) => SLOTS.map(({ key }) => ({ label: each.label, slot: key })));
  for (let place = 0; place < places.length; ) {
    const { label, slot } = places[place] ?? { label: 0, slot: 'title' };
    const question = questionAt(set, label, slot, place, places.length);
    const answer = await ask(question);
    if (answer.verdict === 'stop') return { set, edited, rejected, stopped: true };
    if (answer.verdict === 'edit') {
      edited += 1;
      set = parseConceptSet(withText(set, label, slot, answer.text), set.name);
      continue;
    }
    if (answer.verdict === 'reject') rejected.push({ class: question.class, slot, reason: answer.reason });
    place += 1;
  }
  return { set, edited, rejected, stopped: false };
}

function questionAt(
  set: ConceptSet,
  label: number,
  slot: SlotKey,
  place: number,
  total: number,
): ReviewQuestion {
  const { name, text } = textAt(set, label, slot);
  const about = ({ class: at, slot: in_ }: LintFinding | Rejection) => at === name && in_ === slot;
  return {
    class: name,
    slot,
    text,
    findings: lintConceptSet(set).filter(about),
    rejected: set.review?.rejected.find(about)?.reason ?? null,
    number: place + 1,
    total,
  };
}

function textAt({ classes }: ConceptSet, label: number, slot: SlotKey): { name: string; text: string } {
  const each: ConceptClass | undefined = classes.find((it) => it.label === label);
  return { name: each?.name ?? '', text: each?.concepts[slot] ?? '' };
}

function withText(set: ConceptSet, label: number, slot: SlotKey, text: string): ConceptSet {
  const classes = set.classes.map((each) =>
    each.label === label ? { ...each, concepts: { ...each.concepts, [slot]: text } } : each,
  );
  return { ...set, classes };
}
