import { expect, test } from 'vitest';
import { flatten } from './configuration.js';

test('leaves by dotted name: plain lists whole, lists of objects item by item, nothing left out', () => {
  const config = {
    seed: 42,
    labels: null,
    patch: [48, 64],
    steps: [{ kind: 'flip', axes: [1, 0] }, { kind: 'shift' }],
    none: {},
    empty: [],
  };
  expect(flatten(config)).toEqual([
    ['seed', '42'],
    ['labels', 'null'],
    ['patch', '[48,64]'],
    ['steps.0.kind', 'flip'],
    ['steps.0.axes', '[1,0]'],
    ['steps.1.kind', 'shift'],
    ['none', '{}'],
    ['empty', '[]'],
  ]);
});
