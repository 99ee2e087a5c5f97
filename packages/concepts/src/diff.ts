import type { ConceptClass, ConceptSet } from './schema.js';
import { SLOTS, type SlotKey } from './slots.js';

/** A text that differs between two sets. */
export interface ChangedText {
  readonly class: string;
  readonly slot: SlotKey;
  readonly before: string;
  readonly after: string;
}

/** A class that has another name under the same label. */
export interface RenamedClass {
  readonly label: number;
  readonly before: string;
  readonly after: string;
}

/** How one concept set differs from another. Classes are matched by label. */
export interface ConceptSetDifference {
  /** Names of classes that only the second set has. */
  readonly added: readonly string[];
  /** Names of classes that only the first set has. */
  readonly removed: readonly string[];
  readonly renamed: readonly RenamedClass[];
  readonly texts: readonly ChangedText[];
}

/** What has changed from one set to another, in the order of the second's classes and slots. */
export function diffConceptSets(before: ConceptSet, after: ConceptSet): ConceptSetDifference {
  const earlier = new Map(before.classes.map((each) => [each.label, each]));
  const labels = new Set(after.classes.map(({ label }) => label));
  const pairs = after.classes.flatMap((now): [ConceptClass, ConceptClass][] => {
    const then = earlier.get(now.label);
    return then === undefined ? [] : [[then, now]];
  });
  return {
    added: after.classes.filter(({ label }) => !earlier.has(label)).map(({ name }) => name),
    removed: before.classes.filter(({ label }) => !labels.has(label)).map(({ name }) => name),
    renamed: pairs
      .filter(([then, now]) => then.name !== now.name)
      .map(([then, now]) => ({ label: now.label, before: then.name, after: now.name })),
    texts: pairs.flatMap(([then, now]) => changedTexts(then, now)),
  };
}

/** Whether two sets have the same classes, names and texts. */
export function isSame({ added, removed, renamed, texts }: ConceptSetDifference): boolean {
  return added.length + removed.length + renamed.length + texts.length === 0;
}

function changedTexts(then: ConceptClass, now: ConceptClass): ChangedText[] {
  return SLOTS.filter(({ key }) => then.concepts[key] !== now.concepts[key]).map(({ key }) => ({
    class: now.name,
    slot: key,
    before: then.concepts[key],
    after: now.concepts[key],
  }));
}
