import type { TextRule } from './finding.js';

const titleForms = { CT: /^\S.* in a CT Image$/u, MR: /^\S.* in an MRI Image$/u };

/** Rule (a): every slot says something. */
export const emptySlotRule: TextRule = (text) =>
  text.trim() === '' ? [{ rule: 'empty-slot', severity: 'error', message: 'is empty' }] : [];

/** The title is the class and its modality, nothing else. */
export const titleFormRule: TextRule = (text, slot, _each, set) => {
  if (slot !== 'title' || text.trim() === '' || titleForms[set.modality].test(text)) return [];
  const form = set.modality === 'CT' ? '<Class> in a CT Image' : '<Class> in an MRI Image';
  return [{ rule: 'title-form', severity: 'error', message: `is not of the form "${form}"` }];
};

/** Sentence strings put no punctuation between slots, so every text but the title must bring its own full stop. */
export const fullStopRule: TextRule = (text, slot) => {
  if (slot === 'title' || text.trim() === '' || text.endsWith('.')) return [];
  return [{ rule: 'full-stop', severity: 'warning', message: 'does not end with a full stop' }];
};
