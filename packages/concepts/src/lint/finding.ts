import type { ConceptClass, ConceptSet } from '../schema.js';
import type { SlotKey } from '../slots.js';

/** The rules of the review checklist, and the limits on what a text may hold. */
export type LintRule =
  | 'empty-slot'
  | 'title-form'
  | 'function-word'
  | 'disease-word'
  | 'modality-word'
  | 'sequence-missing'
  | 'contradiction'
  | 'side'
  | 'length'
  | 'duplicate'
  | 'plain-text'
  | 'full-stop';

/** An error makes the set unfit for training; a warning asks a person to look. */
export type Severity = 'error' | 'warning';

/** One remark of the lint: on a slot of a class, on a whole class (`slot` null), or on the set (`class` null). */
export interface LintFinding {
  readonly class: string | null;
  readonly slot: SlotKey | null;
  readonly rule: LintRule;
  readonly message: string;
  readonly severity: Severity;
}

/** What a rule says about one text, before the class and slot are known. */
export type Remark = Pick<LintFinding, 'rule' | 'message' | 'severity'>;

/** A rule on one text of one class. */
export type TextRule = (text: string, slot: SlotKey, each: ConceptClass, set: ConceptSet) => Remark[];

/** Every distinct match of a pattern in a text, in lower case. */
export function matches(text: string, pattern: RegExp): string[] {
  return [...new Set(Array.from(text.matchAll(pattern), (match) => match[0].toLowerCase()))];
}

/** Matches as words in quotes for a message. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}
