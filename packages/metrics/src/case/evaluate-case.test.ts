import { describe, expect, test } from 'vitest';
import { type EvaluateOptions, evaluateCase, type LabelResult, MetricsError } from '../index.js';

const options: EvaluateOptions = {
  shape: [6, 6, 8],
  spacing: [1, 1, 2],
  labels: [{ id: 1, name: 'liver' }],
};
const size = 6 * 6 * 8;

function mapOf(...voxels: readonly (readonly [number, number, number])[]): Uint8Array {
  const map = new Uint8Array(size);
  for (const [d, h, w] of voxels) map[(d * 6 + h) * 8 + w] = 1;
  return map;
}

function only(
  prediction: Uint8Array,
  reference: Uint8Array,
  more: Partial<EvaluateOptions> = {},
): LabelResult {
  const { labels } = evaluateCase(prediction, reference, { ...options, ...more });
  expect(labels).toHaveLength(1);
  return labels[0] as LabelResult;
}

const empty = mapOf();
const voxel = mapOf([2, 3, 1]);

describe('presence of a label', () => {
  test('absent in both: every metric is null, every volume zero', () => {
    expect(only(empty, empty)).toMatchObject({
      presence: 'absent',
      absent: true,
      missed: false,
      hallucinated: false,
      dsc: null,
      iou: null,
      precision: null,
      recall: null,
      hd95Mm: null,
      hd95PenalisedMm: null,
      hdMm: null,
      nsd: null,
      assdMm: null,
      predictionVolumeMl: 0,
      referenceVolumeMl: 0,
      volumeDifferenceMl: 0,
    });
  });

  test('missed: DSC and NSD 0, HD95 null, penalised HD95 the diagonal of the volume', () => {
    expect(only(empty, voxel)).toMatchObject({
      presence: 'missed',
      missed: true,
      dsc: 0,
      iou: 0,
      precision: null,
      recall: 0,
      hd95Mm: null,
      hd95PenalisedMm: Math.hypot(6, 6, 16),
      hdMm: null,
      nsd: 0,
      assdMm: null,
    });
  });

  test('hallucinated: DSC ignored, NSD 0, distances null, and the flag says so', () => {
    expect(only(voxel, empty)).toMatchObject({
      presence: 'hallucinated',
      hallucinated: true,
      dsc: null,
      iou: null,
      precision: 0,
      recall: null,
      hd95Mm: null,
      hd95PenalisedMm: null,
      nsd: 0,
      volumeDifferenceMl: 0.002,
    });
  });

  test('MedPy has no NSD, in any presence', () => {
    const convention = 'medpy';
    expect(only(voxel, voxel, { convention }).nsd).toBeNull();
    expect(only(empty, voxel, { convention }).nsd).toBeNull();
  });
});

describe('known answers', () => {
  test.each(['surface-distance', 'monai', 'medpy'] as const)('identical masks as %s', (convention) => {
    const result = only(voxel, voxel, { convention });
    expect(result).toMatchObject({ dsc: 1, iou: 1, precision: 1, recall: 1, hd95Mm: 0, hdMm: 0, assdMm: 0 });
    expect(result.nsd).toBe(convention === 'medpy' ? null : 1);
  });

  test.each(['surface-distance', 'monai', 'medpy'] as const)(
    'single voxels two slices apart at 2 mm are 4 mm apart as %s',
    (convention) => {
      const other = mapOf([2, 3, 3]);
      expect(only(voxel, other, { convention })).toMatchObject({ dsc: 0, hd95Mm: 4, hdMm: 4 });
      expect(only(voxel, other, { convention, spacing: [1, 1, 1] }).hd95Mm).toBe(2);
    },
  );

  test('a distance on the tolerance is inside it', () => {
    const slabs = [mapOf([0, 0, 0]), mapOf([0, 0, 1])] as const;
    expect(only(...slabs, { convention: 'monai', nsdToleranceMm: 2 }).nsd).toBe(1);
    expect(only(...slabs, { convention: 'monai', nsdToleranceMm: 1.999 }).nsd).toBe(0);
  });

  test('further percentiles and tolerances come in the order asked for', () => {
    const result = only(voxel, mapOf([2, 3, 3]), { hdPercentiles: [100, 0], nsdTolerancesMm: [4, 1] });
    expect(result.hausdorff).toEqual([
      { percentile: 100, mm: 4 },
      { percentile: 0, mm: 2 },
    ]);
    expect(result.surfaceDice.map(({ toleranceMm }) => toleranceMm)).toEqual([4, 1]);
    expect(result.surfaceDice[0]?.nsd).toBe(1);
    expect(result.surfaceDice[1]?.nsd).toBe(0);
  });

  test('volumes in ml and voxel counts', () => {
    const result = only(mapOf([0, 0, 0], [0, 0, 1], [0, 0, 2]), mapOf([0, 0, 2], [0, 0, 3]));
    expect(result.voxels).toEqual({
      truePositive: 1,
      falsePositive: 2,
      falseNegative: 1,
      trueNegative: size - 4,
    });
    expect(result.predictionVolumeMl).toBeCloseTo(0.006, 12);
    expect(result.referenceVolumeMl).toBeCloseTo(0.004, 12);
    expect(result.volumeDifferenceMl).toBeCloseTo(0.002, 12);
    expect(result.dsc).toBeCloseTo(2 / 5, 12);
  });
});

describe('labels and regions', () => {
  const prediction = Int16Array.of(1, 1, 2, 2, 0, 300, -4, 0);
  const reference = Int16Array.of(1, 2, 2, 0, 0, 300, 300, 0);
  const line = { shape: [1, 1, 8], spacing: [1, 1, 1] };

  test('a region is the union of its labels, and equals that union as one label', () => {
    const { labels } = evaluateCase(prediction, reference, {
      ...line,
      labels: [
        { ids: [1, 2], name: 'whole' },
        { id: 300, name: 'large id' },
      ],
    });
    const merge = (map: Int16Array): Int16Array => map.map((id) => (id === 1 || id === 2 ? 1 : 0));
    const merged = evaluateCase(merge(prediction), merge(reference), {
      ...line,
      labels: [{ id: 1, name: 'whole' }],
    });
    expect({ ...labels[0], label: 0 }).toEqual({ ...merged.labels[0], label: 0 });
    expect(labels[1]?.voxels).toEqual({
      truePositive: 1,
      falsePositive: 0,
      falseNegative: 1,
      trueNegative: 6,
    });
  });

  test('a label that is not asked for counts as background', () => {
    const { labels } = evaluateCase(prediction, reference, { ...line, labels: [{ id: 2, name: 'two' }] });
    expect(labels[0]?.voxels).toEqual({
      truePositive: 1,
      falsePositive: 1,
      falseNegative: 1,
      trueNegative: 5,
    });
  });
});

describe('flat images', () => {
  test('a square of pixels: contour as surface-distance, thickness 1 mm', () => {
    const square = new Uint8Array(25);
    for (const pixel of [6, 7, 11, 12]) square[pixel] = 1;
    const shifted = new Uint8Array(25);
    for (const pixel of [7, 8, 12, 13]) shifted[pixel] = 1;
    const result = only(square, shifted, { shape: [5, 5], spacing: [1, 3], nsdToleranceMm: 2 });
    expect(result).toMatchObject({ hd95Mm: 3, hdMm: 3, dsc: 0.5 });
    expect(result.referenceVolumeMl).toBeCloseTo(0.012, 12);
    const corners = 2 * Math.hypot(1, 3);
    const contour = corners + 2 * 1 + 2 * 3;
    expect(result.nsd).toBeCloseTo((corners / 2 + 1 + 2 * 3) / contour, 12);
  });

  test('irregular shapes: the answers of surface-distance', () => {
    const pixels = (rows: readonly string[]): Uint8Array =>
      Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0));
    const reference = pixels(['......', '..##..', '.####.', '.###..', '......']);
    const prediction = pixels(['......', '.##...', '.###.#', '.##...', '......']);
    const flat = { shape: [5, 6], spacing: [1.5, 0.8], nsdToleranceMm: 0.8, nsdTolerancesMm: [0.5] };
    const result = only(prediction, reference, flat);
    expect(result.meanDistanceToPredictionMm).toBeCloseTo(0.1645161290322581, 12);
    expect(result.meanDistanceToReferenceMm).toBeCloseTo(0.22972972972972974, 12);
    expect(result).toMatchObject({ hd95Mm: 0.8, hdMm: 0.8, nsd: 1 });
    expect(result.surfaceDice[0]?.nsd).toBeCloseTo(0.75, 12);
  });

  test('a missed label is penalised by the diagonal of the image', () => {
    const result = only(new Uint8Array(20), new Uint8Array(20).fill(1), { shape: [4, 5], spacing: [3, 1] });
    expect(result.hd95PenalisedMm).toBe(13);
  });
});

describe('refused input', () => {
  const refused: readonly [string, Partial<EvaluateOptions>][] = [
    ['bad-shape', { shape: [6] }],
    ['bad-shape', { shape: [6, 6, 0] }],
    ['bad-spacing', { spacing: [1, 1] }],
    ['bad-spacing', { spacing: [1, 1, Number.NaN] }],
    ['bad-spacing', { spacing: [1, 1, -1] }],
    ['bad-length', { shape: [6, 6, 7] }],
    ['no-label', { labels: [] }],
    ['bad-label-id', { labels: [{ id: 1.5, name: 'a' }] }],
    ['bad-label-id', { labels: [{ ids: [], name: 'a' }] }],
    [
      'duplicate-label',
      {
        labels: [
          { id: 1, name: 'a' },
          { id: 2, name: 'a' },
        ],
      },
    ],
    ['too-many-labels', { labels: [{ ids: Array.from({ length: 4096 }, (_, id) => id), name: 'all' }] }],
    ['bad-tolerance', { nsdToleranceMm: -1 }],
    ['bad-percentile', { hdPercentiles: [101] }],
    ['unknown-convention', { convention: 'toString' as never }],
  ];
  test.each(refused)('%s: %o', (code, more) => {
    const error = catchError(() => only(voxel, voxel, more));
    expect(MetricsError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code });
    expect((error as MetricsError).message).not.toContain('\n');
  });

  function catchError(run: () => unknown): unknown {
    try {
      return run();
    } catch (error) {
      return error;
    }
  }
});
