import type { ConceptSet } from '../schema.js';
import { SLOTS } from '../slots.js';
import { contradictionRule, sideRule } from './contradiction-rules.js';
import { lintDuplicates } from './duplicate-rule.js';
import type { LintFinding, TextRule } from './finding.js';
import { emptySlotRule, fullStopRule, titleFormRule } from './form-rules.js';
import { countWords, lintLengths } from './length-rule.js';
import { forbiddenContent, plainTextRule } from './plain-text-rule.js';
import { diseaseWordRule, functionWordRule, modalityWordRule, sequenceRule } from './word-rules.js';

const textRules: readonly TextRule[] = [
  emptySlotRule,
  titleFormRule,
  fullStopRule,
  plainTextRule,
  functionWordRule,
  diseaseWordRule,
  modalityWordRule,
  sequenceRule,
  contradictionRule,
  sideRule,
];

/** How to lint; `countTokens` is the tokenizer's own count (special tokens included), words are counted without it. */
export interface LintOptions {
  readonly countTokens?: (text: string) => number;
}

function lintTexts(set: ConceptSet): LintFinding[] {
  return set.classes.flatMap((each) =>
    SLOTS.flatMap(({ key }) =>
      textRules.flatMap((rule) =>
        rule(each.concepts[key], key, each, set).map((remark) => ({
          class: each.name,
          slot: key,
          ...remark,
        })),
      ),
    ),
  );
}

function lintSetTexts(set: ConceptSet): LintFinding[] {
  const { author, model, note } = set.provenance;
  const entries = {
    dataset: set.dataset,
    'provenance.author': author,
    'provenance.note': note,
    'provenance.model': model,
    'review.reviewer': set.review?.reviewer ?? null,
  };
  return Object.entries(entries).flatMap(([place, text]) =>
    forbiddenContent(text ?? '')
      .filter((what) => what.includes('character') || what === 'markup')
      .map((what) => ({
        class: null,
        slot: null,
        rule: 'plain-text',
        severity: 'error',
        message: `${place} holds ${what}`,
      })),
  );
}

/** Texts without slots are vague on purpose: they are only held to be plain. */
function lintAmbiguous(set: ConceptSet): LintFinding[] {
  return set.classes.flatMap((each) =>
    (each.ambiguous ?? []).flatMap((text) =>
      plainTextRule(text, 'title', each, set).map((remark) => ({
        class: each.name,
        slot: null,
        ...remark,
        message: `an ambiguous text ${remark.message}`,
      })),
    ),
  );
}

/**
 * The review checklist as findings, in the order of classes and slots; an empty list means clean.
 * Whether a text is true of the anatomy, no lint can tell: a person has to review it.
 */
export function lintConceptSet(set: ConceptSet, options: LintOptions = {}): LintFinding[] {
  return [
    ...lintSetTexts(set),
    ...lintTexts(set),
    ...lintAmbiguous(set),
    ...lintLengths(set, options.countTokens ?? countWords),
    ...lintDuplicates(set),
  ];
}
