/**
 * Brings a coordinate into `[0, side - 1]` by reflection about the faces `-0.5` and `side - 0.5`: the outermost voxel
 * comes twice, as in SciPy's `reflect` and torch's `reflection` without aligned corners.
 */
export function reflect(position: number, side: number): number {
  if (position >= 0 && position <= side - 1) return position;
  const folded = Math.abs(position + 0.5) % (2 * side);
  const inside = (folded < side ? folded : 2 * side - folded) - 0.5;
  return Math.min(side - 1, Math.max(0, inside));
}
