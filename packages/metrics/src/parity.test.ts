import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ConventionName, evaluateCase, type LabelResult } from './index.js';
import { surfelSizes } from './surface/surfel-sizes.js';

// The answers of surface-distance, MONAI and MedPy to the same masks; the fixtures' README explains the format.
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = join(process.env['BIPVL_FIXTURES'] ?? join(repository, '../shared/fixtures'), 'metrics');
const present = existsSync(join(folder, 'binary_metrics.json'));

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

function readTensors(file: string): ReadonlyMap<string, Buffer> {
  const bytes = readFileSync(join(folder, file));
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, TensorHeader>;
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(
        ([
          name,
          {
            data_offsets: [from, to],
          },
        ]) => [name, bytes.subarray(start + from, start + to)],
      ),
  );
}

function tensor(tensors: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const bytes = tensors.get(name);
  if (bytes === undefined) throw new Error(`the fixture has no tensor ${name}`);
  return bytes;
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const readSidecar = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
const names: readonly ConventionName[] = ['surface-distance', 'monai', 'medpy'];

if (present) {
  describe('metrics parity', () => {
    const binary = readSidecar<BinarySidecar>('binary_metrics.json');
    const masks = readTensors('binary_metrics.safetensors');
    for (const [name, comparison] of Object.entries(binary.results)) {
      for (const convention of names) {
        test(`metrics/binary_metrics ${name} as ${convention}`, () => {
          const [prediction, reference] = ['pred', 'gt'].map((key) => tensor(masks, `input.${name}.${key}`));
          const { labels } = evaluateCase(new Uint8Array(prediction ?? []), new Uint8Array(reference ?? []), {
            shape: binary.shape,
            spacing: comparison.spacing,
            labels: [{ id: 1, name }],
            nsdTolerancesMm: [2],
            hdPercentiles: [50],
            convention,
          });
          compare(labels[0] as LabelResult, answersOf(comparison, convention), convention);
        });
      }
    }

    for (const [name, { spacing, monai }] of Object.entries(binary.results)) {
      test(`metrics/binary_metrics ${name}: MONAI's subvoxel NSD is that of surface-distance`, () => {
        const [prediction, reference] = ['pred', 'gt'].map((key) => tensor(masks, `input.${name}.${key}`));
        const options = { shape: binary.shape, spacing, labels: [{ id: 1, name }], nsdTolerancesMm: [2] };
        const { labels } = evaluateCase(
          new Uint8Array(prediction ?? []),
          new Uint8Array(reference ?? []),
          options,
        );
        const values = {
          nsd_1mm_subvoxels: labels[0]?.nsd,
          nsd_2mm_subvoxels: labels[0]?.surfaceDice[0]?.nsd,
        };
        for (const [key, value] of Object.entries(values)) {
          const expected = monai[key];
          if (expected === 'nan') expect(value, key).toBeNull();
          else expect(Math.abs((value ?? Number.NaN) - Number(expected)), key).toBeLessThanOrEqual(1e-5);
        }
      });
    }

    for (const name of [...masks.keys()].filter((key) => key.startsWith('output.surface_area_table.'))) {
      const spacing = name.slice('output.surface_area_table.'.length).split('x').map(Number);
      test(`metrics/binary_metrics surface area table ${spacing.join('x')}`, () => {
        const [depth = 0, height = 0, width = 0] = spacing;
        const areas = surfelSizes({
          depth: 1,
          height: 1,
          width: 1,
          spacing: [depth, height, width],
          flat: false,
        });
        const expected = floats(tensor(masks, name));
        expect(expected).toHaveLength(256);
        for (const [code, area] of expected.entries())
          expect(areas[code], `code ${code}`).toBeCloseTo(area, 6);
      });
    }

    const multiclass = readSidecar<MulticlassSidecar>('multiclass_metrics.json');
    const maps = readTensors('multiclass_metrics.safetensors');
    for (const convention of names) {
      test(`metrics/multiclass_metrics as ${convention}`, () => {
        const ids = Object.keys(multiclass.per_class);
        const { labels } = evaluateCase(
          new Uint8Array(tensor(maps, 'input.pred')),
          new Uint8Array(tensor(maps, 'input.gt')),
          {
            shape: [28, 32, 24],
            spacing: multiclass.spacing,
            labels: ids.map((id) => ({ id: Number(id), name: `class ${id}` })),
            nsdTolerancesMm: [2],
            hdPercentiles: [50],
            convention,
          },
        );
        for (const [index, id] of ids.entries()) {
          const comparison = multiclass.per_class[id] as Comparison;
          compare(labels[index] as LabelResult, answersOf(comparison, convention), convention);
        }
      });
    }
  });
} else {
  test.skip(`metrics/* parity: no fixtures in ${folder}`, () => undefined);
}
