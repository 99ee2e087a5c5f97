import type { Remark, TextRule } from './finding.js';

const opposites: readonly (readonly [RegExp, RegExp, string])[] = [
  [
    /\b(?:homogeneous|uniform|featureless)\b/iu,
    /\b(?:heterogeneous|non-?uniform|patchy)\b/iu,
    'uniform and heterogeneous',
  ],
  [/\bsymmetric(?:al)?\b/iu, /\basymmetric(?:al)?\b/iu, 'symmetric and asymmetric'],
  [/\bsmooth\b/iu, /\b(?:irregular|spiculated|ragged)\b/iu, 'smooth and irregular'],
];

const comparisons: readonly (readonly [string, string])[] = [
  ['brighter than', 'darker than'],
  ['above', 'below'],
  ['in front of', 'behind'],
];

// The same organ is brighter before contrast and darker after it: a comparison under a condition contradicts nothing.
const condition = /\b(?:contrast|phase|before|after(?:wards)?|unenhanced|enhanced|T1|T2|FLAIR)\b/iu;

function comparedWith(text: string, relation: string): Set<string> {
  const target = '(?:(?!(?:and|but|or|while)\\b)[\\p{L}-]+ ?){1,3}';
  const pattern = new RegExp(`\\b${relation} (?:the )?(${target})`, 'giu');
  return new Set(Array.from(text.matchAll(pattern), (match) => (match[1] ?? '').trim().toLowerCase()));
}

function contradictoryComparisons(text: string): string[] {
  return comparisons.flatMap(([one, other]) => {
    const targets = comparedWith(text, other);
    return [...comparedWith(text, one)]
      .filter((target) => targets.has(target))
      .map((target) => `both "${one}" and "${other}" ${target}`);
  });
}

/** Rule (d): opposite words about the same thing inside one slot. */
export const contradictionRule: TextRule = (text) => {
  const opposed = opposites
    .filter(([one, other]) => one.test(text) && other.test(text))
    .map(([, , name]) => name);
  const compared = condition.test(text) ? [] : contradictoryComparisons(text);
  return [...opposed, ...compared].map((what) => ({
    rule: 'contradiction',
    severity: 'warning',
    message: `contradicts itself: ${what}`,
  }));
};

/** Rule (e) as far as words can tell: a class named for one side must say that side in its title and its location. */
export const sideRule: TextRule = (text, slot, each) => {
  if (slot !== 'title' && slot !== 'location') return [];
  const side = /\b(left|right)\b/iu.exec(each.name)?.[1]?.toLowerCase();
  if (!side || text.trim() === '' || new RegExp(`\\b${side}\\b`, 'iu').test(text)) return [];
  const remark: Remark = {
    rule: 'side',
    severity: slot === 'title' ? 'error' : 'warning',
    message: `does not say "${side}", the side in the class name`,
  };
  return [remark];
};
