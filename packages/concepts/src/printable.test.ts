import { expect, it } from 'vitest';
import { printable } from './printable.js';

it.each([
  ['plain, c\u0153liac \u2013 5 mm', 'plain, c\u0153liac \u2013 5 mm'],
  ['a\u001b[2Jb', 'a\\u{1B}[2Jb'],
  ['a\nb\tc', 'a\\u{A}b\\u{9}c'],
  ['a\u202eb\u200bc\u2028d', 'a\\u{202E}b\\u{200B}c\\u{2028}d'],
  ['a\u{e0041}b\ud800c', 'a\\u{E0041}b\\u{D800}c'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
