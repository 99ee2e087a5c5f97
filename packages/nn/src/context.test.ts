import { expect, test } from 'vitest';
import { evaluation, training, within } from './context.js';

test('evaluation does not train, a training step does', () => {
  expect(evaluation().training).toBe(false);
  expect(training(1, 0).training).toBe(true);
});

test('the same step of the same run draws the same numbers, any other step or seed others', () => {
  const keys = [training(1, 0), training(1, 1), training(2, 0), training(0, 1)].map(
    ({ random }) => random.key,
  );
  expect(new Set(keys).size).toBe(4);
  expect(training(1, 1).random.key).toBe(keys[1]);
});

test('each part has a stream of its own and the mode of the whole', () => {
  const context = training(1, 5);
  const [a, b] = [within(context, 'layer', 0), within(context, 'layer', 1)];
  expect(a.random.key).not.toBe(b.random.key);
  expect(within(within(context, 'layer'), 0)).toEqual(a);
  expect(a.training).toBe(true);
  expect(within(evaluation(), 'layer').training).toBe(false);
});
