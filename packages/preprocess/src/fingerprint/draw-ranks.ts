/**
 * `count` of the ranks 0 to `total - 1`, ascending: one drawn from each of `count` equal parts, so that every rank is as
 * likely and the draw is spread evenly. All ranks where there are no more than `count`.
 */
export function drawRanks(total: number, count: number, random: () => number): Uint32Array {
  if (total <= count) return Uint32Array.from({ length: total }, (_, rank) => rank);
  return Uint32Array.from({ length: count }, (_, part) =>
    Math.min(total - 1, Math.floor(((part + random()) * total) / count)),
  );
}
