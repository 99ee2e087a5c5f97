import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapInOrder } from './map-in-order.js';

const items = [30, 1, 20, 2, 10, 3];

test.each([1, 2, 3, 10])(
  '%i hands: results in the order of the items, no more at once than there are hands',
  async (hands) => {
    let now = 0;
    let most = 0;
    const results = await mapInOrder(items, hands, async (ms) => {
      most = Math.max(most, ++now);
      await setTimeout(ms);
      now -= 1;
      return ms * 2;
    });
    expect(results).toEqual(items.map((ms) => ms * 2));
    expect(most).toBe(Math.min(hands, items.length));
  },
);

test.each([
  [1, [30]],
  [2, [30, 1, 20]],
  [6, items],
])('%i hands: the error of the first item in order, after which none is begun', async (hands, expected) => {
  const begun: number[] = [];
  const attempt = mapInOrder(items, hands, async (ms) => {
    begun.push(ms);
    await setTimeout(ms);
    if (ms !== 1) throw new Error(`item ${ms}`);
  });
  await expect(attempt).rejects.toThrow('item 30');
  expect(begun).toEqual(expected);
});

test('nothing to do', async () => {
  expect(await mapInOrder([], 3, async () => 1)).toEqual([]);
});
