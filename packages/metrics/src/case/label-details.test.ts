import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boundaryIou,
  centreOfMassDistance,
  detectLesions,
  type EvaluateOptions,
  evaluateCase,
  evaluateMask,
  type LabelMap,
  type LabelResult,
} from '../index.js';

const shape = [4, 5, 6] as const;
const size = 4 * 5 * 6;
const grid = { shape, spacing: [1.5, 1, 2] };
const anyMap = fc.uint8Array({ minLength: size, maxLength: size, max: 3 });
const region = { ids: [1, 3], name: 'one and three' };

function only(prediction: LabelMap, reference: LabelMap, more: Partial<EvaluateOptions> = {}): LabelResult {
  const labels = [{ id: 1, name: 'one' }];
  const { labels: results } = evaluateCase(prediction, reference, { ...grid, labels, ...more });
  return results[0] as LabelResult;
}

const voxels = (...indices: number[]): Uint8Array => {
  const map = new Uint8Array(size);
  for (const index of indices) map[index] = 1;
  return map;
};

describe('what a label of a case has in common with its mask alone', () => {
  const inRegion = (map: Uint8Array): Uint8Array => map.map((id) => (id === 1 || id === 3 ? 7 : 0));

  test('centre of mass, boundary IoU and lesions of a region are those of its mask in the whole volume', () => {
    fc.assert(
      fc.property(anyMap, anyMap, fc.constantFrom(0.5, 1, 2, 3), (a, b, widthMm) => {
        fc.pre(inRegion(a).includes(7) && inRegion(b).includes(7));
        const result = only(a, b, { labels: [region], boundaryWidthMm: widthMm, lesions: { iouAbove: 0.1 } });
        const masks = [inRegion(a), inRegion(b)] as const;
        expect(result.centreOfMassDistanceMm).toBeCloseTo(centreOfMassDistance(...masks, grid) ?? -1, 10);
        expect(result.boundaryIou).toBe(boundaryIou(...masks, { ...grid, widthMm }));
        expect(result.lesions).toEqual(detectLesions(...masks, { ...grid, iouAbove: 0.1 }));
      }),
    );
  });

  test('boundary IoU is what the distance of every voxel to every voxel outside gives', () => {
    fc.assert(
      fc.property(anyMap, anyMap, fc.constantFrom(1, 2, 3.7), (a, b, widthMm) => {
        fc.pre(a.includes(1) || b.includes(1));
        const [rimA, rimB] = [rimOf(a, widthMm), rimOf(b, widthMm)];
        const both = rimA.filter((inside, index) => inside && rimB[index]).length;
        const either = rimA.filter((inside, index) => inside || rimB[index]).length;
        const [maskA, maskB] = [a.map((id) => Number(id === 1)), b.map((id) => Number(id === 1))];
        expect(boundaryIou(maskA, maskB, { ...grid, widthMm })).toBeCloseTo(both / either, 12);
      }),
    );
  });

  test('evaluateMask takes any value but 0 as inside, and is what evaluateCase says of label 1', () => {
    fc.assert(
      fc.property(anyMap, anyMap, (a, b) => {
        const [binaryA, binaryB] = [a.map((id) => Math.min(id, 1)), b.map((id) => Math.min(id, 1))];
        const options = { ...grid, boundaryWidthMm: 2, lesions: {} };
        expect(
          evaluateMask(
            a,
            Int16Array.from(b, (id) => -300 * id),
            { ...options, name: 'one' },
          ),
        ).toEqual(only(binaryA, binaryB, options));
      }),
    );
  });
});

describe('without prediction, reference or both', () => {
  const options = { boundaryWidthMm: 2, lesions: {} };
  const none = voxels();

  test('missed', () => {
    expect(only(none, voxels(0, 10), options)).toMatchObject({
      centreOfMassDistanceMm: null,
      boundaryIou: 0,
      lesions: { truePositive: 0, falsePositive: 0, falseNegative: 2, f1: 0 },
    });
  });

  test('hallucinated', () => {
    expect(only(voxels(3), none, options)).toMatchObject({
      centreOfMassDistanceMm: null,
      boundaryIou: null,
      lesions: { truePositive: 0, falsePositive: 1, falseNegative: 0, f1: 0 },
    });
  });

  test('absent', () => {
    expect(only(none, none, options)).toMatchObject({
      centreOfMassDistanceMm: null,
      boundaryIou: null,
      lesions: { truePositive: 0, falsePositive: 0, falseNegative: 0, f1: null },
    });
  });

  test('a boundary thinner than a voxel is none', () => {
    expect(only(voxels(31), voxels(31), { boundaryWidthMm: 0.9 }).boundaryIou).toBeNull();
  });

  test('what is not asked for is not there', () => {
    const result = only(voxels(1), voxels(1));
    expect(result).not.toHaveProperty('boundaryIou');
    expect(result).not.toHaveProperty('lesions');
  });
});

describe('arrays of label ids', () => {
  const types = [Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array];

  test('every type of array gives the same', () => {
    fc.assert(
      fc.property(anyMap, anyMap, fc.constantFrom(...types), fc.constantFrom(...types), (a, b, A, B) => {
        const options = { labels: [{ id: 1, name: 'one' }, region] };
        expect(only(A.from(a), B.from(b), options)).toEqual(only(a, b, options));
      }),
    );
  });

  test('a negative number is background, and no large id', () => {
    const line = { shape: [1, 2], spacing: [1, 1] };
    const ids = [252, 65_532].map((id) => ({ ...line, labels: [{ id, name: 'large' }] }));
    expect(only(Int8Array.of(-4, 0), Int8Array.of(-4, 0), ids[0]).presence).toBe('absent');
    expect(only(Int16Array.of(-4, 0), Int32Array.of(-4, 0), ids[1]).presence).toBe('absent');
    expect(only(Uint8Array.of(252, 0), Int16Array.of(252, 0), ids[0]).dsc).toBe(1);
    expect(only(Uint16Array.of(65_532, 0), Int32Array.of(65_532, 65_536), ids[1]).dsc).toBe(1);
  });

  test('a part of a larger buffer', () => {
    const buffer = new Uint16Array([9, 9, 1, 0, 9]);
    const part = buffer.subarray(2, 4);
    expect(only(part, Uint8Array.of(1, 0), { shape: [1, 2], spacing: [1, 1] }).dsc).toBe(1);
  });
});

test.each([
  ['bad-width', { boundaryWidthMm: 0 }],
  ['bad-iou', { lesions: { iouAbove: 1 } }],
  ['unknown-connectivity', { lesions: { connectivity: 'toString' as never } }],
] as const)('refuses %s', (code, more) => {
  expect(() => only(voxels(1), voxels(1), more)).toThrow(expect.objectContaining({ code }));
});

/** Whether each voxel belongs to label 1 and lies within the width of a voxel that does not, the volume's surroundings included. */
function rimOf(map: Uint8Array, widthMm: number): boolean[] {
  const outside: [number, number, number][] = [];
  for (let d = -1; d <= shape[0]; d++) {
    for (let h = -1; h <= shape[1]; h++) {
      for (let w = -1; w <= shape[2]; w++) if (!isInside(map, d, h, w)) outside.push([d, h, w]);
    }
  }
  return Array.from(map, (_, index) => {
    const [d, h, w] = [Math.floor(index / 30), Math.floor(index / 6) % 5, index % 6];
    if (!isInside(map, d, h, w)) return false;
    return outside.some(([e, i, v]) => Math.hypot((d - e) * 1.5, h - i, (w - v) * 2) <= widthMm);
  });
}

function isInside(map: Uint8Array, d: number, h: number, w: number): boolean {
  const inVolume = d >= 0 && d < shape[0] && h >= 0 && h < shape[1] && w >= 0 && w < shape[2];
  return inVolume && map[(d * 5 + h) * 6 + w] === 1;
}
