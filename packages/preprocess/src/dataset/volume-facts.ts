import { z } from 'zod';
import type { Affine } from '../geometry/affine.js';
import type { Shape3, Volume, VoxelArray } from '../volume.js';
import { finiteRange } from './finite-range.js';
import { formDistance } from './form-distance.js';
import { countValues } from './label-counts.js';

/** What the check needs to know of one file, small and without voxels, so that it can be kept. */
export interface VolumeFacts {
  readonly shape: Shape3;
  readonly channels: number;
  readonly affine: Affine;
  /** Millimetres by which qform and sform disagree, 0 with one form alone, null where the qform is no rotation. */
  readonly formDistance: number | null;
  /** True when the header scales the voxels (scl_slope, scl_inter). */
  readonly scaled: boolean;
  /** Least and greatest finite value of each channel; null for a channel without any. */
  readonly ranges: readonly (readonly [low: number, high: number] | null)[];
  /** Voxels that are NaN or infinite: how many, and the place of the first. */
  readonly nonFinite: { readonly count: number; readonly first: number } | null;
  /** Of labels: each finite value and its number of voxels, ascending; null beyond `MAX_VALUES` values. */
  readonly values: readonly (readonly [value: number, count: number])[] | null;
  /** What reading it had to remark, e.g. bytes after the last voxel. */
  readonly remarks: readonly string[];
  /** SHA-256 of shape, array type and voxels: equal for equal content, however it was compressed. */
  readonly digest: string;
}

/** What is known of a file beside its volume. */
export interface ObservedFile {
  readonly kind: 'image' | 'label';
  readonly scaled: boolean;
  readonly remarks: readonly string[];
  readonly digest: string;
}

/** The facts of a volume as it was read; `values` are counted for labels only. */
export function observeVolume(volume: Volume, { kind, ...known }: ObservedFile): VolumeFacts {
  const { shape, channels, affine, data } = volume;
  return {
    shape,
    channels,
    affine,
    formDistance: formDistance(volume),
    ranges: Array.from({ length: channels }, (_, channel) => finiteRange(data, channel, channels)),
    nonFinite: nonFiniteVoxels(data),
    values: kind === 'label' ? countValues(data) : null,
    ...known,
  };
}

function nonFiniteVoxels(data: VoxelArray): VolumeFacts['nonFinite'] {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return null;
  let count = 0;
  let first = -1;
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i] as number;
    if (value - value === 0) continue;
    if (count === 0) first = i;
    count += 1;
  }
  return count === 0 ? null : { count, first };
}

const count = z.int().min(0);
const pair = z.tuple([z.number(), z.number()]);
const side = z.int().min(1);

/** Validates facts that were kept in a file. */
export const volumeFactsSchema: z.ZodType<VolumeFacts> = z.object({
  shape: z.tuple([side, side, side]),
  channels: side,
  affine: z
    .array(z.number())
    .length(16)
    .transform((numbers) => numbers as unknown as Affine),
  formDistance: z.number().nullable(),
  scaled: z.boolean(),
  ranges: z.array(pair.nullable()),
  nonFinite: z.object({ count, first: count }).nullable(),
  values: z.array(pair).nullable(),
  remarks: z.array(z.string()),
  digest: z.string(),
});
