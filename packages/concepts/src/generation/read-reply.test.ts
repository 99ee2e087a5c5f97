import { describe, expect, it } from 'vitest';
import { ConceptError } from '../errors.js';
import { hostileTexts } from './__fixtures__/hostile-texts.js';
import { readReply } from './read-reply.js';
import { replyJsonSchema } from './reply-schema.js';

const request = { modality: 'CT', classes: ['left atrium', 'aorta'] } as const;

const row = (name: string) => ({
  name,
  title: `${name.charAt(0).toUpperCase()}${name.slice(1)} in a CT Image`,
  shape: `${name} shape.`,
  location: `${name} location.`,
  appearance: `${name} appearance.`,
  contour: `${name} contour.`,
  texture: `${name} texture.`,
});

const reply = (classes: readonly object[], rest: object = {}) => JSON.stringify({ classes, ...rest });

function failure(text: string): ConceptError {
  try {
    readReply(text, request);
  } catch (error) {
    if (ConceptError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('readReply', () => {
  it('gives the texts in the order of the request, whatever the order of the reply', () => {
    const [first, second] = readReply(reply([row('Aorta'), row('left atrium')]), request);
    expect(first).toEqual({
      title: 'Left atrium in a CT Image',
      shape: 'left atrium shape.',
      location: 'left atrium location.',
      appearance: 'left atrium appearance.',
      contour: 'left atrium contour.',
      texture: 'left atrium texture.',
    });
    expect(second?.shape).toBe('Aorta shape.');
  });

  it('lets plain prose with units, ranges, quotes and Latin accents pass', () => {
    const text = 'About 5\u201310 mm (\u00b5m, 30\u00b0, 2 \u00d7 3), "pear-like", c\u0153liac; 50 % fat.';
    expect(readReply(reply([{ ...row('left atrium'), shape: text }, row('aorta')]), request)[0]?.shape).toBe(
      text,
    );
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'empty-reply'],
    ['blanks', ' \n', 'empty-reply'],
    ['prose', 'Sure! Here are the texts.', 'malformed-reply'],
    [
      'JSON in a fence',
      `\`\`\`json\n${reply([row('left atrium'), row('aorta')])}\n\`\`\``,
      'malformed-reply',
    ],
    ['cut JSON', reply([row('left atrium'), row('aorta')]).slice(0, -3), 'malformed-reply'],
    ['another value', '42', 'invalid-reply'],
    ['null', 'null', 'invalid-reply'],
    ['a list', '[]', 'invalid-reply'],
    ['no class', reply([]), 'invalid-reply'],
    ['a missing slot', reply([{ ...row('left atrium'), shape: undefined }, row('aorta')]), 'invalid-reply'],
    ['a number for a text', reply([{ ...row('left atrium'), shape: 7 }, row('aorta')]), 'invalid-reply'],
    ['a key too many', reply([{ ...row('left atrium'), color: 'red' }, row('aorta')]), 'invalid-reply'],
    ['a key beside the classes', reply([row('left atrium'), row('aorta')], { note: 'x' }), 'invalid-reply'],
    ['a prototype', '{"__proto__": {"x": 1}, "classes": []}', 'invalid-reply'],
    ['a class missing', reply([row('aorta')]), 'invalid-reply'],
    ['a class too many', reply([row('left atrium'), row('aorta'), row('liver')]), 'invalid-reply'],
    ['a class twice', reply([row('left atrium'), row('aorta'), row('aorta')]), 'invalid-reply'],
    ['another class', reply([row('left atrium'), row('liver')]), 'invalid-reply'],
    ['another title', reply([{ ...row('left atrium'), title: 'Look here' }, row('aorta')]), 'invalid-reply'],
    ['a million characters', `"${'x'.repeat(1_000_001)}"`, 'reply-too-large'],
    ['endless nesting', '['.repeat(200_000), 'malformed-reply'],
  ])('refuses %s', (_what, text, code) => {
    const error = failure(text);
    expect(error).toMatchObject({ code, kind: 'data' });
    expect(error.message).not.toMatch(/\n/);
  });
});

describe('hostile replies', () => {
  it('are more than a hundred', () => {
    expect(new Set(hostileTexts).size).toBeGreaterThanOrEqual(110);
  });

  it.each(hostileTexts)('%j is refused and not repeated', (text) => {
    const error = failure(reply([row('left atrium'), { ...row('aorta'), shape: text }]));
    expect(['hostile-reply', 'invalid-reply']).toContain(error.code);
    expect(error.message).toMatch(/aorta, shape/);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u);
    if (text.trim().length > 3) expect(error.message).not.toContain(text);
  });
});

it('the JSON schema is one that strict servers take: every key required, no key beside, no limits', () => {
  const text = JSON.stringify(replyJsonSchema());
  expect(text.match(/"additionalProperties":false/g)).toHaveLength(2);
  expect(text).toContain('"required":["name","title","shape","location","appearance","contour","texture"]');
  expect(text).not.toMatch(/minLength|maxLength|pattern|\$schema/);
});
