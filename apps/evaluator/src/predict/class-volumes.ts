import { spacing, type Volume } from '@bipvl/preprocess';
import type { Label } from '@bipvl/segmenter';

/** How much of a class a mask holds. */
export interface ClassVolume {
  readonly id: number;
  readonly name: string;
  readonly voxels: number;
  readonly ml: number;
}

/** Voxels and millilitres of each label in a mask. */
export function classVolumes({ data, affine }: Volume, labels: readonly Label[]): ClassVolume[] {
  const counts = new Map<number, number>();
  for (const id of data) counts.set(id, (counts.get(id) ?? 0) + 1);
  const [d, h, w] = spacing(affine);
  return labels.map(({ id, name }) => {
    const voxels = counts.get(id) ?? 0;
    return { id, name, voxels, ml: (voxels * d * h * w) / 1000 };
  });
}
