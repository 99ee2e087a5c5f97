import { PreprocessError } from '../errors.js';
import type { Slice } from './slice.js';

/** A judged slice and where its bytes are. */
export interface FoundSlice<Source> {
  readonly source: Source;
  readonly slice: Slice;
}

/**
 * The slices of one series. Series are ordered by number of slices, the longest first, then by modality and size.
 * Throws `dicom-several-series`, which lists them, when `index` is not given; `dicom-no-such-series` when it fits none.
 */
export function chooseSeries<S>(
  found: readonly FoundSlice<S>[],
  index: number | undefined,
  name: string,
): FoundSlice<S>[] {
  const series = groupSeries(found);
  const chosen = series[index ?? 0];
  if (chosen !== undefined && (index !== undefined || series.length === 1)) return chosen;
  const list = series.map((slices, place) => `${place}: ${describe(slices)}`).join('; ');
  const code = index === undefined ? 'dicom-several-series' : 'dicom-no-such-series';
  throw new PreprocessError(code, `${name}: holds ${series.length} series (${list})`, {
    kind: index === undefined ? 'data' : 'usage',
    hint: `choose one by its number, e.g. { series: 0 }`,
  });
}

function groupSeries<S>(found: readonly FoundSlice<S>[]): FoundSlice<S>[][] {
  const groups = new Map<string, FoundSlice<S>[]>();
  for (const entry of found) {
    const group = groups.get(entry.slice.seriesInstance);
    if (group === undefined) groups.set(entry.slice.seriesInstance, [entry]);
    else group.push(entry);
  }
  return [...groups.values()].sort(byLengthThenKind);
}

// The last comparison makes the order independent of that of the files; it compares what is not shown.
function byLengthThenKind<S>(a: readonly FoundSlice<S>[], b: readonly FoundSlice<S>[]): number {
  if (a.length !== b.length) return b.length - a.length;
  const [first, second] = [
    `${describe(a)} ${a[0]?.slice.seriesInstance}`,
    `${describe(b)} ${b[0]?.slice.seriesInstance}`,
  ];
  return first < second ? -1 : 1;
}

function describe<S>(slices: readonly FoundSlice<S>[]): string {
  const { modality = 'unknown', columns = 0, rows = 0 } = slices[0]?.slice ?? {};
  return `${slices.length} slice(s) of ${columns}x${rows}, ${modality}`;
}
