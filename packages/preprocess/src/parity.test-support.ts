import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Affine, affinesClose } from './geometry/affine.js';
import { perAxis } from './geometry/per-axis.js';
import type { Volume } from './volume.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Folder of the MONAI fixtures; they are not part of the repository. */
export const FIXTURES: string = join(
  process.env['BIPVL_FIXTURES'] ?? join(root, '../shared/fixtures'),
  'preproc',
);

export const haveFixtures: boolean = existsSync(FIXTURES);

/** One transform of MONAI and its result. */
export interface Step {
  readonly step: string;
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly atol: number;
  readonly affine: readonly (readonly number[])[];
  readonly box_start?: readonly number[];
  readonly box_end?: readonly number[];
}

/** A fixture: scan files, MONAI's steps, and their tensors, `[C, i, j, k]` turned into `[D, H, W, C]` volumes. */
export interface Fixture {
  readonly image: string;
  readonly label: string;
  readonly nifti: {
    readonly nibabel_affine: readonly (readonly number[])[];
    readonly axcodes: readonly string[];
    readonly zooms: readonly number[];
  };
  /** Orientations that the scan was turned to. */
  readonly orientations: readonly string[];
  step(name: string): { readonly info: Step; readonly volume: Volume };
  input(name: string): Volume;
}

/** The fixtures that are a scan with MONAI's steps over it. */
export function volumeCases(): string[] {
  if (!haveFixtures) return [];
  const names = readdirSync(FIXTURES).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  return names.filter((name) => 'steps' in JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')));
}

export function loadFixture(name: string): Fixture {
  const sidecar = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));
  const tensors = readTensors(join(FIXTURES, `${name}.safetensors`));
  const first = asAffine(sidecar.nifti.nibabel_affine);
  return {
    image: join(FIXTURES, sidecar.files.image),
    label: join(FIXTURES, sidecar.files.label),
    nifti: sidecar.nifti,
    orientations: sidecar.steps.flatMap(({ step }: Step) => /^orient_([A-Z]{3})$/.exec(step)?.[1] ?? []),
    step(step) {
      const info = sidecar.steps.find((entry: Step) => entry.step === step) as Step;
      return { info, volume: channelsLast(tensors, info.tensor, asAffine(info.affine)) };
    },
    input: (tensor) => channelsLast(tensors, `input.${tensor}`, first),
  };
}

export function asAffine(rows: readonly (readonly number[])[]): Affine {
  return rows.flat() as unknown as Affine;
}

/** Compares values within the step's tolerance, shape exactly, and the affine within 1e-6 mm. */
export function expectVolume(found: Volume, { info, volume }: ReturnType<Fixture['step']>): void {
  expect(found.shape).toEqual(volume.shape);
  expect(affinesClose(found.affine, volume.affine, 1e-6), `${found.affine} against ${volume.affine}`).toBe(
    true,
  );
  let worst = 0;
  for (let i = 0; i < volume.data.length; i += 1) {
    worst = Math.max(worst, Math.abs((found.data[i] as number) - (volume.data[i] as number)));
  }
  expect(worst).toBeLessThanOrEqual(info.atol);
}

/** Share of voxels that differ: nearest-neighbour steps may differ at exact ties. */
export function shareOfDifferences(found: Volume, expected: Volume): number {
  const differing = expected.data.filter((value, i) => value !== found.data[i]);
  return differing.length / expected.data.length;
}

interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

const READERS = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;

function readTensors(path: string): Map<string, Tensor> {
  const bytes = readFileSync(path);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString('utf8'));
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries<{
    dtype: keyof typeof READERS;
    shape: number[];
    data_offsets: [number, number];
  }>(header)) {
    if (name === '__metadata__') continue;
    const [start, end] = entry.data_offsets.map((offset) => 8 + headerLength + offset) as [number, number];
    const copy = Uint8Array.from(bytes.subarray(start, end)).buffer;
    tensors.set(name, { shape: entry.shape, data: new READERS[entry.dtype](copy) });
  }
  return tensors;
}

function channelsLast(tensors: Map<string, Tensor>, name: string, affine: Affine): Volume {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`the fixture has no tensor ${name}`);
  const [channels = 1, ...sides] = tensor.shape;
  const count = tensor.data.length / channels;
  const data = tensor.data.map(
    (_, i) => tensor.data[(i % channels) * count + Math.floor(i / channels)] as number,
  );
  return { data, shape: perAxis((axis) => sides[axis] ?? 1), channels, affine };
}
