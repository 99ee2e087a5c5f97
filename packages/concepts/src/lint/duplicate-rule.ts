import type { ConceptSet } from '../schema.js';
import { SLOTS } from '../slots.js';
import type { LintFinding } from './finding.js';

/** Rule (g): classes that share one text in a slot cannot be told apart by it; each pair is reported once. */
export function lintDuplicates(set: ConceptSet): LintFinding[] {
  return SLOTS.flatMap(({ key }) =>
    set.classes.flatMap((each, index) =>
      set.classes.slice(0, index).flatMap((earlier): LintFinding[] => {
        if (each.concepts[key] === '' || each.concepts[key] !== earlier.concepts[key]) return [];
        const message = `is the same text as that of "${earlier.name}"`;
        return [{ class: each.name, slot: key, rule: 'duplicate', severity: 'warning', message }];
      }),
    ),
  );
}
