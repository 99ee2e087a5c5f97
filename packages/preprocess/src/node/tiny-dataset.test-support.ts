import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Affine } from '../geometry/affine.js';
import { seededRandom } from '../random.js';
import type { Shape3, Volume } from '../volume.js';
import { writeMask, writeVolume } from './write-volume.js';

/** A folder that is removed after the tests of a file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bipvl-tiny-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const TINY_SHAPE: Shape3 = [4, 3, 2];

/** An affine with the given spacing and otherwise nothing special. */
export function tinyAffine(step = 1): Affine {
  return [step, 0, 0, -5, 0, step, 0, 7, 0, 0, step, 11, 0, 0, 0, 1];
}

/** An image of HU-like noise that no other seed has. */
export function tinyImage(seed: number, channels = 1): Volume<Int16Array> {
  const random = seededRandom(seed);
  const data = Int16Array.from({ length: 24 * channels }, () => Math.round(2000 * random() - 1000));
  return { data, shape: TINY_SHAPE, channels, affine: tinyAffine() };
}

/** A label that shows each of `values`, arranged as no other seed has it. */
export function tinyLabel(seed: number, values: readonly number[]): Volume<Int16Array> {
  const random = seededRandom(seed, 1);
  const drawn = () => values[Math.floor(random() * values.length)] ?? 0;
  const data = Int16Array.from({ length: 24 }, (_, i) => values[i] ?? drawn());
  return { data, shape: TINY_SHAPE, channels: 1, affine: tinyAffine() };
}

/** Writes one image and one label for each id below `folder`. */
export async function writePairs(
  folder: string,
  ids: readonly string[],
  { values, channels = 1, images = 'imagesTr', labels = 'labelsTr', seed = 0 }: TinyPairs,
): Promise<{ image: string; label: string }[]> {
  const listed = ids.map((id) => ({ image: `./${images}/${id}.nii.gz`, label: `./${labels}/${id}.nii.gz` }));
  for (const [index, { image, label }] of listed.entries()) {
    await writeVolume(join(folder, image), tinyImage(seed + index, channels));
    await writeMask(join(folder, label), tinyLabel(seed + index, values));
  }
  return listed;
}

export interface TinyPairs {
  readonly values: readonly number[];
  readonly channels?: number;
  readonly images?: string;
  readonly labels?: string;
  readonly seed?: number;
}

/** A Decathlon folder of tiny CT cases with one class. */
export async function writeTinyDataset(
  folder: string,
  ids: readonly string[],
  changes: Record<string, unknown> = {},
): Promise<void> {
  const training = await writePairs(folder, ids, { values: [0, 1] });
  const manifest = {
    name: 'tiny',
    modality: { '0': 'CT' },
    labels: { '0': 'background', '1': 'blob' },
    training,
  };
  await writeFile(join(folder, 'dataset.json'), JSON.stringify({ ...manifest, ...changes }));
}
