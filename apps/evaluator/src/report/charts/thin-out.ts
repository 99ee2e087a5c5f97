/** A point of a curve. */
export type Point = readonly [x: number, y: number];

/** At most `limit` points: neighbours are averaged in equal groups, and points that are not finite are left out. */
export function thinOut(points: readonly Point[], limit: number): Point[] {
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const size = Math.max(1, Math.ceil(finite.length / limit));
  const groups = Array.from({ length: Math.ceil(finite.length / size) }, (_, group) =>
    finite.slice(group * size, (group + 1) * size),
  );
  return groups.map((group): Point => {
    const sum = group.reduce(([x, y], [pointX, pointY]) => [x + pointX, y + pointY] as const, [
      0, 0,
    ] as const);
    return [Number((sum[0] / group.length).toPrecision(7)), Number((sum[1] / group.length).toPrecision(5))];
  });
}
