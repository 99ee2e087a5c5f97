import { describe, expect, test } from 'vitest';
import { brierScore, expectedCalibrationError, predictiveEntropy } from '../index.js';

const map = { values: Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.5, 0.5), classes: 2 };
const reference = Uint8Array.of(0, 1, 1, 0);

describe('probability maps', () => {
  test('Brier score by hand', () => {
    expect(brierScore(map, reference)).toBeCloseTo((2 * 0.01 + 2 * 0.36 + 2 * 0.04 + 2 * 0.25) / 4, 12);
  });

  test('a sure and right prediction has neither Brier score nor calibration error', () => {
    const sure = { values: Float32Array.of(1, 0, 0, 1), classes: 2 };
    expect(brierScore(sure, [0, 1])).toBe(0);
    expect(expectedCalibrationError(sure, [0, 1])).toBe(0);
    expect(brierScore(sure, [1, 0])).toBe(2);
    expect(expectedCalibrationError(sure, [1, 0])).toBe(1);
  });

  test('expected calibration error by hand, in two bins', () => {
    // Up to 0.5: confidence 0.5, right. Above: confidences 0.9, 0.6, 0.8 of which two are right.
    const expected = (Math.abs(0.5 - 1) + Math.abs(0.9 + 0.6 + 0.8 - 2)) / 4;
    expect(expectedCalibrationError(map, reference, 2)).toBeCloseTo(expected, 12);
  });

  test('entropy in nats', () => {
    const entropy = predictiveEntropy({
      values: Float64Array.of(0.25, 0.25, 0.25, 0.25, 1, 0, 0, 0),
      classes: 4,
    });
    expect(entropy[0]).toBeCloseTo(Math.log(4), 6);
    expect(entropy[1]).toBe(0);
  });

  test('refuses what is no distribution, a class out of range, and a wrong length', () => {
    expect(() => predictiveEntropy({ values: Float64Array.of(0.9, 0.2), classes: 2 })).toThrow(/voxel 0 has/);
    expect(() => predictiveEntropy({ values: Float64Array.of(1.5, -0.5), classes: 2 })).toThrow(/from -0.5/);
    expect(() => predictiveEntropy({ values: Float64Array.of(Number.NaN, 1), classes: 2 })).toThrow(
      /sum to NaN/,
    );
    expect(() => brierScore(map, [0, 1, 2, 0])).toThrow(/voxel 2 is 2/);
    expect(() => brierScore(map, [0])).toThrow(/expected 4/);
    expect(() => expectedCalibrationError(map, reference, 0)).toThrow(/bins is 0/);
    expect(() => brierScore({ values: map.values, classes: 3 }, reference)).toThrow(/8 probabilities/);
  });
});
