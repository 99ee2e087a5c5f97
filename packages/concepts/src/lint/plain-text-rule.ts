import type { Remark, TextRule } from './finding.js';

/** Longest allowed text of a slot, in characters. */
export const maximumCharacters = 400;

/** What a concept may not hold: it comes from a model or a stranger's file, and goes into prompts, logs and web pages. */
const forbidden: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  {
    name: 'a control, bidirectional or zero-width character',
    pattern: /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u,
  },
  {
    name: 'a link',
    pattern:
      /\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\b(?:mailto|javascript|data):|\b[\w-]+\.(?:com|org|net|io|ai|dev|gov|edu)\b/iu,
  },
  { name: 'markup', pattern: /<\/?[a-z!?]|&#?\w+;|```|`|\]\(|\*\*|__|^\s*#|[{}\\$|]/imu },
  { name: 'a number that looks like an identifier', pattern: /\d{5,}|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b/u },
  {
    name: 'an instruction to the reader',
    pattern:
      /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous|prior)|\b(?:system|developer) (?:prompt|message)\b|\byou (?:are|must|should|will)\b|\b(?:as an? (?:ai|assistant|language model))\b/iu,
  },
];

/** Names of the forbidden things that a text holds. */
export function forbiddenContent(text: string): string[] {
  return forbidden.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}

/** Plain prose of at most 400 characters: no links, markup, control characters, identifiers or instructions. */
export const plainTextRule: TextRule = (text) => {
  const remarks: Remark[] = forbiddenContent(text).map((name) => ({
    rule: 'plain-text',
    severity: 'error',
    message: `holds ${name}`,
  }));
  const length = [...text].length;
  if (length > maximumCharacters) {
    const message = `has ${length} characters, more than ${maximumCharacters}`;
    remarks.push({ rule: 'plain-text', severity: 'error', message });
  }
  return remarks;
};
