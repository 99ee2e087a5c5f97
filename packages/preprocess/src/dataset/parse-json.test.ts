import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { passedExtent } from './json-extent.js';
import { parseJson } from './parse-json.js';

const parse = (text: string): unknown => parseJson(text, z.unknown(), 'file.json');
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('parseJson', () => {
  it('takes what stays within its limits', () => {
    expect(parse(nested(64))).toHaveLength(1);
    expect(parse(`[${'0,'.repeat(50_000)}0]`)).toHaveLength(50_001);
    expect(parse('{"text": "line\\n\\ttab \\u00e9"}')).toEqual({ text: 'line\n\ttab é' });
  });

  it.each([
    ['nesting', nested(65), 'json-too-deep'],
    ['nesting of objects', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'json-too-deep'],
    ['many values', `[${'0,'.repeat(100_000)}0]`, 'json-too-large'],
    ['a long text', `"${'x'.repeat(10 * 2 ** 20)}"`, 'json-too-large'],
    ['no JSON', '{', 'bad-json'],
    ['a prototype', '{"a": [{"__proto__": 1}]}', 'json-unsafe-text'],
    ['a control character in a key', '{"a\\u0007": 1}', 'json-unsafe-text'],
    ['a control character in a value', '["\\u001b[2J"]', 'json-unsafe-text'],
    ['a control character of the second set', '["\\u009b2J"]', 'json-unsafe-text'],
    ['reversed text', '["\\u202e"]', 'json-unsafe-text'],
  ])('refuses %s', (_, text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code, kind: 'data' }));
    expect(() => parse(text)).toThrow(/^file\.json: [ -~]{1,400}$/);
  });

  it('names a faulty key in few words that a terminal can show', () => {
    const schema = z.record(z.string(), z.number());
    const text = JSON.stringify({ ['k'.repeat(5000)]: 'no number' });
    const read = (): unknown => parseJson(text, schema, 'file.json');
    expect(read).toThrow(expect.objectContaining({ code: 'bad-manifest' }));
    expect(read).toThrow(/^file\.json: k{200}\.\.\.: [ -~]{1,200}$/);
    expect(() => parse('\u001b[2J')).toThrow(/^file\.json: is not JSON \([ -~]+\)$/);
  });
});

describe('the extent of a JSON text', () => {
  const limit = { depth: 2, values: 4 };

  it.each([
    ['[[1]]', undefined],
    ['[[[1]]]', 'depth'],
    ['[1,2,3]', undefined],
    ['[1,2,3,4]', 'values'],
    ['"[[[[[,,,,,,"', undefined],
    ['"\\"[[[[["', undefined],
    ['"\\\\"[[[', 'depth'],
    ['"never closed [[[[', undefined],
    [']]]][[', undefined],
  ])('%s passes %s', (text, expected) => {
    expect(passedExtent(text, limit)).toBe(expected);
  });
});
