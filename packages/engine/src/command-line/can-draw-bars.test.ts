import { expect, test } from 'vitest';
import { canDrawBars } from './can-draw-bars.js';

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { CI: '', TERM: 'xterm' }, true],
  [{ isTTY: true }, { CI: 'false' }, true],
  [{ isTTY: true }, { CI: 'true' }, false],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{ isTTY: false }, {}, false],
  [{}, {}, false],
])('a stream %o where the environment is %o', (stream, environment, expected) => {
  expect(canDrawBars(stream, environment)).toBe(expected);
});
