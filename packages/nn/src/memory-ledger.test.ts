import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryLedger } from './memory-ledger.js';
import { parameter } from './module.js';
import { AdamW } from './optimisers/adamw.js';

beforeAll(async () => {
  await loadEngine();
});

const kilobyte = 1024;
/** 256 float32 numbers. */
const one = (): tf.Tensor => tf.ones([16, 16]);

describe('MemoryLedger', () => {
  test('counts every tensor once it is used, and frees it when it is disposed', () => {
    const ledger = new MemoryLedger();
    const x = one();
    let y = x;
    const first = ledger.record(() => {
      y = tf.neg(x);
    });
    // The input is copied to TensorFlow at its first use.
    expect(first.at(-1)).toBe(2 * kilobyte);
    const second = ledger.record(() => {
      tf.tidy(() => {
        tf.neg(tf.neg(y));
      });
      x.dispose();
      tf.neg(y);
    });
    expect(ledger.operations).toBe(3);
    expect(second).toEqual([3 * kilobyte, 4 * kilobyte, 2 * kilobyte]);
  });

  test('counts shared memory once, until its last holder is gone', () => {
    const ledger = new MemoryLedger();
    const events = ledger.record(() => {
      const x = tf.neg(one());
      const flat = tf.reshape(x, [256]);
      const again = tf.slice(tf.reshape(flat, [2, 128]), [0, 0], [1, 128]);
      x.dispose();
      flat.dispose();
      tf.neg(again);
      again.dispose();
      tf.neg(tf.zeros([4]));
    });
    const sizes = events.map((bytes) => Math.round((10 * bytes) / kilobyte) / 10);
    // The ones of 1 KB stay throughout; the negated block is shared four times, and half of it negated again. In the end
    // the second name of the block still holds it.
    expect(sizes).toEqual([2, 2, 2, 2, 2.5, 2.5]);
  });

  test('follows the variables of the optimiser: two moments and the packed parameters', () => {
    const ledger = new MemoryLedger();
    const weight = parameter(tf.ones([256, 256]));
    const step = (optimiser: AdamW): void => {
      tf.tidy(() => optimiser.step(new Map([['w', tf.onesLike(weight)]]), 0.1));
    };
    let optimiser: AdamW | undefined;
    const first = ledger.record(() => {
      optimiser = new AdamW(new Map([['w', weight]]), { weightDecay: 0.1 });
      step(optimiser);
    });
    const second = ledger.record(() => step(optimiser as AdamW));
    const third = ledger.record(() => step(optimiser as AdamW));
    const held = ledger.record(() => void tf.neg(tf.scalar(1)));
    const size = 256 * kilobyte;
    // Weight, first and second moment, and the packed vector, which the weight and the variable may share.
    expect((held.at(-1) as number) / size).toBeGreaterThan(2.9);
    expect((held.at(-1) as number) / size).toBeLessThan(4.1);
    expect(Math.max(...third)).toBe(Math.max(...second));
    expect(Math.max(...first)).toBeGreaterThan(5 * size);
  });

  test('leaves the backend as it was, also where a run throws', () => {
    const backend = tf.backend() as unknown as { binding: object };
    const before = backend.binding;
    expect(() =>
      new MemoryLedger().record(() => {
        throw new RangeError('within');
      }),
    ).toThrow('within');
    expect(backend.binding).toBe(before);
  });

  test('refuses another backend', async () => {
    tf.registerBackend('none', () => ({ numDataIds: () => 0 }) as unknown as tf.KernelBackend);
    await tf.setBackend('none');
    expect(() => new MemoryLedger().record(() => undefined)).toThrow(
      expect.objectContaining({ code: 'no-native-backend' }),
    );
    await tf.setBackend('tensorflow');
  });
});
