import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '@bipvl/engine';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeSafetensors } from '../checkpoints/safetensors.js';
import {
  channelsLastTensor,
  compare,
  compareGradient,
  fixtureCases,
  fixturesFolder,
  numericGradient,
  readFixture,
  stored,
  synthesise,
  tensorsUnder,
  toleranceOf,
} from './index.js';

beforeAll(async () => {
  await loadEngine();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test('synthetic tensors have the check values of the fixtures README', () => {
  const values = synthesise({ key: 'x', shape: [2, 2], seed: 123, scale: 1, shift: 0 });
  expect(compare(values, [0.04088593, -0.30963993, 0.2749071, 0.24215245], { atol: 2e-8 }).verdict).toBe(
    'equal',
  );
  expect(synthesise({ key: 'x', shape: [1], seed: 123, scale: 2, shift: 1 })[0]).toBeCloseTo(1.08177185, 7);
});

describe('fixtures', () => {
  test('join stored and synthetic tensors under one name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bipvl-fixtures-'));
    vi.stubEnv('BIPVL_FIXTURES', folder);
    mkdirSync(join(folder, 'networks'));
    const tensors = new Map([
      ['param.w', { dtype: 'F32', shape: [1, 2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6]) } as const],
    ]);
    writeFileSync(join(folder, 'networks/small.safetensors'), encodeSafetensors(tensors));
    const synth = [{ key: 'input.x', shape: [2], seed: 1, scale: 1, shift: 0 }];
    writeFileSync(
      join(folder, 'networks/small.json'),
      JSON.stringify({ synth, tolerances: { 'output.y': { atol: 1 } } }),
    );
    expect(fixtureCases('networks')).toEqual(['small']);
    const fixture = readFixture('networks/small');
    expect(stored(fixture, 'input.x').data.length).toBe(2);
    expect([...(tensorsUnder(fixture, 'param.').get('w')?.shape ?? [])]).toEqual([1, 2, 3]);
    expect(channelsLastTensor(fixture, 'param.w').arraySync()).toEqual([
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ]);
    expect(toleranceOf(fixture, 'output.y').atol).toBe(1);
    expect(() => toleranceOf(fixture, 'output.z')).toThrow('output.z');
    expect(() => stored(fixture, 'output.y')).toThrow('networks/small has no tensor output.y');
    rmSync(folder, { recursive: true });
    expect(() => fixturesFolder()).toThrow(expect.objectContaining({ code: 'no-fixtures' }));
  });
});

describe('compare', () => {
  test.each([
    ['equal', [1, 2], { atol: 0.1, rel_l2: 0.1 }],
    ['different', [1, 2.2], { atol: 0.1, rel_l2: 1 }],
    ['different', [1, 2.05], { atol: 0.1, rel_l2: 1e-3 }],
    ['different', [1, Number.NaN], { atol: 1 }],
    ['different', [Number.NaN, 2], { atol: 1 }],
    ['different', [1], { atol: 1 }],
  ])('finds %s: %o within %o', (verdict, actual, tolerance) => {
    expect(compare(actual, [1, 2], tolerance).verdict).toBe(verdict);
  });

  test('takes equal infinities as equal and counts a zero gradient', () => {
    expect(compare([Infinity], [Infinity], { atol: 0 }).verdict).toBe('equal');
    expect(compareGradient([0], [0], { atol: 0, rel_l2: 0 }).verdict).toBe('equal');
    expect(compareGradient([1e-9], [0], { atol: 1, rel_l2: 0.1 }).verdict).toBe('different');
  });

  test.each([
    [0.005, 'equal'],
    [0.02, 'inconclusive'],
    [0.05, 'different'],
  ])('a gradient off by %f is %s', (error, verdict) => {
    expect(compareGradient([1 + error], [1], { atol: 0, rel_l2: 0.01, rel_l2_hard: 0.03 }).verdict).toBe(
      verdict,
    );
  });
});

test('numericGradient is that of the function', () => {
  const slopes = numericGradient(([x = 0, y = 0]) => x * x * y, [3, 2]);
  expect(compare(slopes, [12, 9], { atol: 1e-6 }).verdict).toBe('equal');
});
