import { expect, test } from 'vitest';
import { TokenGrid } from './token-grid.js';

test.each([
  // The published one, from a 224 x 224 image.
  [
    [
      [224, 224],
      [112, 112],
      [56, 56],
      [28, 28],
    ],
    [28, 28],
  ],
  [
    [
      [56, 56],
      [33, 56],
    ],
    [17, 28],
  ],
  [
    [
      [96, 96, 96],
      [48, 48, 48],
      [24, 24, 24],
    ],
    [8, 8, 8],
  ],
  [
    [
      [7, 5, 3],
      [4, 3, 2],
    ],
    [4, 3, 2],
  ],
  [
    [
      [4000, 1, 1],
      [2000, 1, 1],
    ],
    [1000, 1, 1],
  ],
  [[[1, 1, 1]], [1, 1, 1]],
])('skips of %j are averaged to %j', (skips, grid) => {
  expect(new TokenGrid().over(skips)).toEqual(grid);
});

test('a chosen grid is kept, where it has the axes of the skips and no more positions', () => {
  const grid = new TokenGrid([4, 3, 2]);
  expect(
    grid.over([
      [9, 9, 9],
      [4, 4, 4],
    ]),
  ).toEqual([4, 3, 2]);
  expect(() =>
    grid.over([
      [9, 9, 9],
      [4, 2, 4],
    ]),
  ).toThrow(
    expect.objectContaining({
      code: 'illegal-size',
      message: 'DCA averages skips to a grid of [4,3,2], the smallest skip has sides [4,2,4]',
      hint: 'use a grid of [4,2,2], a larger patch, or leave the grid out',
    }),
  );
  expect(() => grid.over([[9, 9]])).toThrow(expect.objectContaining({ code: 'bridge-options' }));
  expect(() => new TokenGrid([4, 0])).toThrow(expect.objectContaining({ code: 'bridge-options' }));
  expect(() => new TokenGrid([4, 1.5])).toThrow(expect.objectContaining({ code: 'bridge-options' }));
});
