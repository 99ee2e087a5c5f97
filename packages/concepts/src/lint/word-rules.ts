import type { Modality } from '../schema.js';
import { matches, quoted, type TextRule } from './finding.js';

const functionWords =
  /\b(?:pumps?|pumping|filter(?:s|ing)?|produc(?:es?|ing)|digest(?:s|ing|ion)?|secret(?:es?|ing)|metaboli\w+|detoxif\w+|regulat(?:es?|ing)|transport(?:s|ing)?|deliver(?:s|ing)?|encod(?:es?|ing)|stor(?:es?|ing|age)|carr(?:y|ies|ying)|returns?|drain(?:s|ing|age)?|suppl(?:y|ies|ying)|functions?|functional(?:ly)?|physiolog\w+|memory|responsible for)\b/giu;

const diseaseWords =
  /\b(?:tumou?rs?|cancers?|carcinomas?|malignan\w+|metasta\w+|lesions?|cysts?|cirrho\w+|steatosis|fibrosis|aneurysms?|dissections?|stenosis|thromb\w+|infarct\w*|ischa?em\w+|ha?emorrhag\w*|o?edema\w*|necro\w+|abscess\w*|inflam\w+|atroph\w+|sclero\w+|dement\w+|alzheimer\w*|epilep\w+|diseas\w+|patholog\w+|abnormal\w*|syndrome\w*|diagnos\w+)\b/giu;

const foreignWords: Record<Modality, RegExp> = {
  CT: /\b(?:T1|T2|T1-?weighted|T2-?weighted|FLAIR|b?SSFP|cine|DWI|ADC|gadolinium|proton density|(?:hyper|hypo|iso)-?intens\w*|signal(?: intensity)?|MRI?|magnetic resonance)\b/giu,
  MR: /\b(?:HU|Hounsfield|attenuat\w+|(?:hyper|hypo|iso)-?(?:dense|density|attenuat\w*)|radio-?dens\w+|CT|computed tomography|X-?ray\w*)\b/giu,
};

const sequenceWords = /\b(?:T1|T2|FLAIR|b?SSFP|cine|DWI|ADC|proton density|PD)\b/iu;

/** Rule (b), first half: texts say what is seen, not what the organ does. */
export const functionWordRule: TextRule = (text) => {
  const words = matches(text, functionWords);
  if (words.length === 0) return [];
  return [{ rule: 'function-word', severity: 'warning', message: `speaks of function: ${quoted(words)}` }];
};

/** Rule (b), second half: no disease in healthy anatomy; a class that is itself a disease may speak of one. */
export const diseaseWordRule: TextRule = (text, _slot, each) => {
  const words = matches(text, diseaseWords);
  if (words.length === 0 || matches(each.name, diseaseWords).length > 0) return [];
  return [
    {
      rule: 'disease-word',
      severity: 'warning',
      message: `disease word for healthy anatomy: ${quoted(words)}`,
    },
  ];
};

/** Rule (c): no words of the other modality. */
export const modalityWordRule: TextRule = (text, _slot, _each, set) => {
  const words = matches(text, foreignWords[set.modality]);
  if (words.length === 0) return [];
  return [
    { rule: 'modality-word', severity: 'error', message: `not a ${set.modality} word: ${quoted(words)}` },
  ];
};

/** Rule (c) for MR: brightness means nothing without the sequence it is seen in. */
export const sequenceRule: TextRule = (text, slot, _each, set) => {
  if (set.modality !== 'MR' || slot !== 'appearance' || text.trim() === '' || sequenceWords.test(text))
    return [];
  const message = 'brightness in MR without its sequence (T1, T2, FLAIR, SSFP, cine ...)';
  return [{ rule: 'sequence-missing', severity: 'warning', message }];
};
