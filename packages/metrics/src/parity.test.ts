import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CaseResult, type ConventionName, evaluateCase, type LabelResult, macroMean } from './index.js';
import { surfelSizes } from './surface/surfel-sizes.js';

// The answers of surface-distance, MONAI and MedPy to the same masks; the fixtures' README explains the format.
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = join(process.env['BIPVL_FIXTURES'] ?? join(repository, '../shared/fixtures'), 'metrics');
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
const cases = files.map((file) => file.slice(0, -5));

type Answer = number | string | readonly (number | string)[];
type Answers = Readonly<Record<string, Answer>>;

interface Comparison {
  readonly deepmind: Answers;
  readonly monai: Answers;
  readonly medpy: Answers;
}

interface BinarySidecar {
  readonly shape: readonly number[];
  readonly results: Readonly<Record<string, Comparison & { readonly spacing: readonly number[] }>>;
}

interface MulticlassSidecar {
  readonly spacing: readonly number[];
  readonly per_class: Readonly<Record<string, Comparison>>;
  readonly monai_aggregated: Readonly<Record<string, readonly number[]>>;
}

interface TensorHeader {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Which of our numbers answers which key of a library. */
const keysByConvention: Readonly<
  Record<ConventionName, Readonly<Record<string, (result: LabelResult) => unknown>>>
> = {
  'surface-distance': {
    dice: ({ dsc }) => dsc,
    hd100: ({ hdMm }) => hdMm,
    hd95: ({ hd95Mm }) => hd95Mm,
    hd50: ({ hausdorff }) => hausdorff[0]?.mm,
    asd_gt_to_pred: (result) => result.meanDistanceToPredictionMm,
    asd_pred_to_gt: (result) => result.meanDistanceToReferenceMm,
    assd_mean_of_two: (result) => meanOfTwo(result),
    assd_pooled_by_area: ({ assdMm }) => assdMm,
    nsd_1mm: ({ nsd }) => nsd,
    nsd_2mm: ({ surfaceDice }) => surfaceDice[0]?.nsd,
  },
  monai: {
    dice: ({ dsc }) => dsc,
    hd100: ({ hdMm }) => hdMm,
    hd95: ({ hd95Mm }) => hd95Mm,
    asd_pred_to_gt: (result) => result.meanDistanceToReferenceMm,
    assd: ({ assdMm }) => assdMm,
    nsd_1mm: ({ nsd }) => nsd,
    nsd_2mm: ({ surfaceDice }) => surfaceDice[0]?.nsd,
  },
  medpy: {
    dice: ({ dsc }) => dsc,
    jaccard: ({ iou }) => iou,
    hd100: ({ hdMm }) => hdMm,
    hd95: ({ hd95Mm }) => hd95Mm,
    asd_pred_to_gt: (result) => result.meanDistanceToReferenceMm,
    assd: ({ assdMm }) => assdMm,
  },
};

/** The mean of the one-way means, each direction with the same weight. */
function meanOfTwo({ meanDistanceToPredictionMm, meanDistanceToReferenceMm }: LabelResult): number | null {
  if (meanDistanceToPredictionMm === null || meanDistanceToReferenceMm === null) return null;
  return (meanDistanceToPredictionMm + meanDistanceToReferenceMm) / 2;
}

const answersOf = (comparison: Comparison, convention: ConventionName): Answers =>
  convention === 'surface-distance' ? comparison.deepmind : comparison[convention];

/** Distances may differ by 1e-5 relative and 1e-5 mm, DSC by 1e-6, NSD by 1e-5, as the sidecars say. */
function toleranceOf(key: string, expected: number): number {
  if (key === 'dice' || key === 'jaccard') return 1e-6;
  return key.startsWith('nsd') ? 1e-5 : 1e-5 + 1e-5 * Math.abs(expected);
}

/** Where a library answers inf, nan or an exception, we answer null, but for the DSC of a hallucinated label. */
function compare(result: LabelResult, answers: Answers, convention: ConventionName): void {
  for (const [key, ours] of Object.entries(keysByConvention[convention])) {
    const expected = answers[key];
    const value = ours(result);
    const overlapWithoutReference =
      (key === 'dice' || key === 'jaccard') && (result.hallucinated || result.absent);
    if (typeof expected !== 'number' || overlapWithoutReference) {
      expect(value, key).toBeNull();
    } else {
      expect(value, key).toBeTypeOf('number');
      expect(Math.abs((value as number) - expected), key).toBeLessThanOrEqual(toleranceOf(key, expected));
    }
  }
}

interface StoredTensor {
  readonly shape: readonly number[];
  readonly bytes: Buffer;
}

function readTensors(name: string): ReadonlyMap<string, StoredTensor> {
  const bytes = readFileSync(join(folder, `${name}.safetensors`));
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header: Record<string, TensorHeader> = JSON.parse(bytes.toString('utf8', 8, start));
  const entries = Object.entries(header).filter(([key]) => key !== '__metadata__');
  return new Map(
    entries.map(([key, { shape, data_offsets }]) => {
      const [from, to] = data_offsets;
      return [key, { shape, bytes: bytes.subarray(start + from, start + to) }];
    }),
  );
}

function tensor(tensors: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor {
  const stored = tensors.get(name);
  if (stored === undefined) throw new Error(`the fixture has no tensor ${name}`);
  return stored;
}

const mask = (tensors: ReadonlyMap<string, StoredTensor>, name: string): Uint8Array =>
  new Uint8Array(tensor(tensors, name).bytes);

function floats({ bytes }: StoredTensor): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const conventions: readonly ConventionName[] = ['surface-distance', 'monai', 'medpy'];

/** Pairs of masks, each with a spacing of its own. */
function testBinary(file: string, { shape, results }: BinarySidecar): void {
  const masks = readTensors(file);
  const score = (name: string, spacing: readonly number[], convention: ConventionName): LabelResult => {
    const [prediction, reference] = [mask(masks, `input.${name}.pred`), mask(masks, `input.${name}.gt`)];
    const options = {
      shape,
      spacing,
      labels: [{ id: 1, name }],
      nsdTolerancesMm: [2],
      hdPercentiles: [50],
      convention,
    };
    return evaluateCase(prediction, reference, options).labels[0] as LabelResult;
  };
  for (const [name, comparison] of Object.entries(results)) {
    test.each(conventions)(`metrics/${file} ${name} as %s`, (convention) => {
      compare(score(name, comparison.spacing, convention), answersOf(comparison, convention), convention);
    });
    test(`metrics/${file} ${name}: MONAI's subvoxel NSD is that of surface-distance`, () => {
      const { nsd, surfaceDice } = score(name, comparison.spacing, 'surface-distance');
      expectSubvoxel(nsd, comparison.monai['nsd_1mm_subvoxels']);
      expectSubvoxel(surfaceDice[0]?.nsd, comparison.monai['nsd_2mm_subvoxels']);
    });
  }
  testAreaTables(file, masks);
}

function expectSubvoxel(value: number | null | undefined, expected: Answer | undefined): void {
  if (expected === 'nan') expect(value).toBeNull();
  else expect(Math.abs((value ?? Number.NaN) - Number(expected))).toBeLessThanOrEqual(1e-5);
}

function testAreaTables(file: string, tensors: ReadonlyMap<string, StoredTensor>): void {
  const prefix = 'output.surface_area_table.';
  for (const name of [...tensors.keys()].filter((key) => key.startsWith(prefix))) {
    const [depth = 0, height = 0, width = 0] = name.slice(prefix.length).split('x').map(Number);
    test(`metrics/${file} surface area table ${depth}x${height}x${width}`, () => {
      const areas = surfelSizes({
        depth: 1,
        height: 1,
        width: 1,
        spacing: [depth, height, width],
        flat: false,
      });
      const expected = floats(tensor(tensors, name));
      expect(expected).toHaveLength(256);
      for (const [code, area] of expected.entries()) expect(areas[code], `code ${code}`).toBeCloseTo(area, 6);
    });
  }
}

/** One pair of label maps. */
function testMulticlass(file: string, { spacing, per_class, monai_aggregated }: MulticlassSidecar): void {
  const maps = readTensors(file);
  const ids = Object.keys(per_class);
  const evaluate = (labelIds: readonly string[], convention: ConventionName): CaseResult =>
    evaluateCase(mask(maps, 'input.pred'), mask(maps, 'input.gt'), {
      shape: tensor(maps, 'input.gt').shape,
      spacing,
      labels: labelIds.map((id) => ({ id: Number(id), name: `class ${id}` })),
      nsdTolerancesMm: [2],
      hdPercentiles: [50],
      convention,
    });
  test.each([
    ['bg', ids],
    ['nobg', ids.slice(1)],
  ] as const)(`metrics/${file}: MONAI's mean over classes, %s`, (background, labelIds) => {
    const result = evaluate(labelIds, 'monai');
    const expected = (key: string): number =>
      monai_aggregated[`${key}_mean_${background}`]?.[0] ?? Number.NaN;
    expect(macroMean(result, 'dsc')).toBeCloseTo(expected('DiceMetric'), 6);
    expect(macroMean(result, 'hd95Mm')).toBeCloseTo(expected('HausdorffDistanceMetric95'), 4);
  });
  test.each(conventions)(`metrics/${file} as %s`, (convention) => {
    const { labels } = evaluate(ids, convention);
    for (const [index, id] of ids.entries()) {
      const answers = answersOf(per_class[id] as Comparison, convention);
      compare(labels[index] as LabelResult, answers, convention);
    }
  });
}

if (cases.length === 0) test.skip(`metrics/* parity: no fixtures in ${folder}`, () => undefined);

describe.each(cases)('metrics parity: %s', (file) => {
  const sidecar: BinarySidecar | MulticlassSidecar = JSON.parse(
    readFileSync(join(folder, `${file}.json`), 'utf8'),
  );
  if ('per_class' in sidecar) testMulticlass(file, sidecar);
  else testBinary(file, sidecar);
});
