import { randomOf } from '../fuzz/random.mjs';

/** What words are strewn with: accents, composed and not, punctuation, symbols, white space and controls, scripts, and what case does oddly. */
const PIECES = {
  accents: [
    'é',
    'è',
    'ü',
    'ñ',
    'ç',
    'Å',
    'ø',
    'ß',
    'e\u0301',
    'o\u0308',
    'a\u0323\u0302',
    'ﬁ',
    'İ',
    'ı',
    'Œ',
    'ǆ',
    'ệ',
  ],
  punctuation: [
    ...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    '–',
    '—',
    '‘',
    '’',
    '“',
    '”',
    '…',
    '·',
    '¡',
    '¿',
    '«',
    '»',
    '‰',
    '。',
    '、',
    '！',
  ],
  symbols: ['°', '±', '×', '÷', 'µ', '€', '£', '©', '½', '²', '→', '≤', '√', '∞', '😀', '👩‍⚕️', '🫀', '☃'],
  spaces: [
    ' ',
    '  ',
    '\t',
    '\n',
    '\r\n',
    '\u00a0',
    '\u2003',
    '\u3000',
    '\u200b',
    '\ufeff',
    '\u0000',
    '\u0007',
    '\ufffd',
    '\u00ad',
  ],
  chinese: ['肝', '脏', '肝臟', '腎臓', '心', '㐀', '龥', '豈', '\u{20000}', '\u{2a6df}', '\u{2f800}', '〇'],
  scripts: [
    'カタカナ',
    'ひらがな',
    '심장',
    'печень',
    'ПОЧКА',
    'ήπαρ',
    'ΟΔΟΣ',
    'כבד',
    'שָׁלוֹם',
    'كبد',
    'قَلْب',
    'हृदय',
    'ตับ',
    'ქართული',
  ],
  numbers: ['0', '42', '3.14', '1,024', '2.5mm', 'T1', '10^3', '٣', 'Ⅳ', '12:30'],
};

/** So many strings, the same every time: words of the shipped concept sets, alone, cut, joined and strewn with all that. */
export async function strings(count) {
  const random = randomOf(9);
  const words = await conceptWords();
  const kinds = Object.keys(PIECES);
  const single = Object.values(PIECES).flat();
  const whole = [
    '',
    ' ',
    'a'.repeat(100),
    'a'.repeat(101),
    '肝'.repeat(120),
    '[CLS] tip [SEP]',
    '[MASK]',
    '[mask]',
    '[UNK]',
    '[PAD]x',
  ];
  const made = Array.from({ length: count - single.length - whole.length }, () => {
    const parts = Array.from({ length: 1 + random.below(9) }, () => part(random, words, kinds));
    return parts.join(random.pick(['', ' ', ' ', ' ']));
  });
  return [...whole, ...single, ...made];
}

function part(random, words, kinds) {
  const word = random.pick(words);
  if (random.once(3)) return random.pick(PIECES[random.pick(kinds)]);
  if (random.once(4)) return word.toUpperCase();
  if (random.once(4)) return word.slice(random.below(word.length));
  if (random.once(4)) return word.slice(0, 1) + random.pick(PIECES[random.pick(kinds)]) + word.slice(1);
  return word;
}

async function conceptWords() {
  const { encoderTexts, loadConceptSet, shippedConceptSets } = await import(
    '../../packages/concepts/dist/index.js'
  );
  const texts = shippedConceptSets.flatMap((name) => encoderTexts(loadConceptSet(name)).sentences);
  return [...new Set(texts.flatMap((text) => text.match(/[A-Za-z][\w-]+/g) ?? []))];
}
