import { afterEach, expect, test, vi } from 'vitest';
import { EngineError } from '../errors.js';
import { reportError } from './report-error.js';

afterEach(() => vi.restoreAllMocks());

function report(error: unknown, debug = false): { code: number; text: string } {
  let text = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    text += String(piece);
    return true;
  });
  return { code: reportError(error, debug), text };
}

test.each([
  ['internal', 1],
  ['usage', 2],
  ['numeric', 3],
  ['data', 4],
  ['resource', 5],
] as const)('an error of kind %s is one line, its mend another, and exits %i', (kind, code) => {
  const error = new EngineError('some-code', 'first line\n  second line', {
    kind,
    hint: 'do this\nand that',
  });
  expect(report(error)).toEqual({ code, text: 'error: first line second line\nmend: do this and that\n' });
});

test('an error of another copy of a package counts as typed', () => {
  const twin = Object.assign(new Error('cut short'), { isBipvlError: true, kind: 'data', hint: 'fetch it' });
  expect(report(twin)).toEqual({ code: 4, text: 'error: cut short\nmend: fetch it\n' });
});

test.each([
  [new RangeError('out of range'), 'out of range'],
  [Object.assign(new Error('ENOENT'), { kind: 'data', hint: 'not ours' }), 'ENOENT'],
  [Object.assign(new Error('later'), { isBipvlError: true, kind: 'unheard-of', hint: 'x' }), 'later'],
  ['a string', 'a string'],
])('anything else is internal: %s', (error, message) => {
  const { code, text } = report(error);
  expect(text).toBe(`error: ${message}\nmend: run it again with --debug and report what it prints\n`);
  expect(code).toBe(1);
});

test('the stack is printed where asked for', () => {
  expect(report(new Error('lost'), true).text).toMatch(/^error: lost\nmend: .*\nError: lost\n {4}at /);
  expect(report(new Error('lost')).text).not.toMatch(/\n {4}at /);
});
