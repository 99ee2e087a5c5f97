import { isLit, type VoxelCounts } from './patch-index.js';
import type { PatchSource } from './patch-source.js';

/** The kinds of voxel a patch can be centred on: any label, background, or one class by its id. */
export type VoxelKind = 'foreground' | 'background' | number;

/** A voxel of one kind, each with equal chance, as `[d, h, w]`; any voxel where there is none. Draws one number. */
export function drawVoxel(
  source: PatchSource,
  kind: VoxelKind,
  random: () => number,
): [number, number, number] {
  const [planes, height, width] = source.shape;
  const { total, perPlane } = countsOf(source, kind);
  if (total === 0) {
    const voxel = Math.floor(random() * planes * height * width);
    return [Math.floor(voxel / (height * width)), Math.floor(voxel / width) % height, voxel % width];
  }
  let rank = Math.min(total - 1, Math.floor(random() * total));
  let plane = 0;
  while (rank >= (perPlane[plane] as number)) {
    rank -= perPlane[plane] as number;
    plane += 1;
  }
  const place = findMember(source, plane, kind, rank);
  return [plane, Math.floor(place / width), place % width];
}

/** How many voxels of a kind a case has. */
export function countsOf({ index }: PatchSource, kind: VoxelKind): VoxelCounts {
  if (kind === 'foreground') return index.foreground;
  if (kind === 'background') return index.background;
  return index.classes.get(kind) ?? { total: 0, perPlane: new Uint32Array(0) };
}

/** Place in its plane of the member that `rank` others come before. */
function findMember(source: PatchSource, d: number, kind: VoxelKind, rank: number): number {
  const { image, label } = source.plane(d);
  const { channels, index } = source;
  const pixels = { data: image, channels };
  const lit = (place: number): boolean => isLit(pixels, place, index.backgroundAbove);
  let before = rank;
  let place = 0;
  for (; ; place += 1) {
    const id = label[place] as number;
    const member =
      kind === 'foreground' ? id > 0 : kind === 'background' ? id === 0 && lit(place) : id === kind;
    if (!member) continue;
    if (before === 0) return place;
    before -= 1;
  }
}
