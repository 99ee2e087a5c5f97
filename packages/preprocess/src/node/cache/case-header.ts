import { z } from 'zod';
import type { Affine } from '../../geometry/affine.js';
import type { PatchIndex, VoxelCounts } from '../../sampling/patch-index.js';
import type { Shape3 } from '../../volume.js';

/** What a cached case says of itself, before its voxels. */
export interface CaseHeader {
  readonly key: string;
  readonly shape: Shape3;
  readonly channels: number;
  readonly affine: Affine;
  readonly label: 'uint8' | 'int32';
  readonly index: PatchIndex;
}

const counts = z.array(z.int().min(0)).transform((values): VoxelCounts => {
  const perPlane = Uint32Array.from(values);
  return { perPlane, total: perPlane.reduce((sum, count) => sum + count, 0) };
});

const side = z.int().min(1);

const schema = z
  .strictObject({
    key: z.string(),
    shape: z.tuple([side, side, side]),
    channels: side,
    affine: z.array(z.number()).length(16),
    label: z.enum(['uint8', 'int32']),
    foreground: counts,
    background: counts,
    classes: z.array(z.tuple([z.int().min(1), counts])),
    backgroundAbove: z.number().nullable(),
  })
  .transform(
    ({ foreground, background, classes, backgroundAbove, affine, ...rest }): CaseHeader => ({
      ...rest,
      affine: affine as unknown as Affine,
      index: {
        foreground,
        background,
        classes: new Map(classes),
        backgroundAbove: backgroundAbove ?? Number.NEGATIVE_INFINITY,
      },
    }),
  );

/** The header as JSON; minus infinity, which JSON lacks, is null. */
export function writeHeader({ index, ...rest }: CaseHeader): string {
  const { foreground, background, classes, backgroundAbove } = index;
  return JSON.stringify({
    ...rest,
    foreground: [...foreground.perPlane],
    background: [...background.perPlane],
    classes: [...classes].map(([id, { perPlane }]) => [id, [...perPlane]]),
    backgroundAbove: Number.isFinite(backgroundAbove) ? backgroundAbove : null,
  });
}

/** The header that JSON text holds, or undefined where it is none. */
export function parseHeader(text: string): CaseHeader | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // a damaged file: the caller rebuilds it
  }
  return schema.safeParse(value).data;
}
