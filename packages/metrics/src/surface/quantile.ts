/** Exchanges two elements and what belongs to them. */
type Swap = (i: number, j: number) => void;

/**
 * The smallest value at which the summed weights reach `fraction` of their total, found by weighted quickselect in
 * linear time. Reorders `values` and `keys` together; the weight of element i is `weights[keys[i]]`.
 *
 * A sum that misses the fraction by rounding alone (1e-12 of the total) counts as having reached it.
 */
export function weightedQuantile(
  values: Float64Array,
  keys: Uint8Array,
  weights: Float64Array,
  count: number,
  fraction: number,
): number {
  const swap: Swap = (i, j) => {
    const key = keys[i] as number;
    keys[i] = keys[j] as number;
    keys[j] = key;
    exchange(values, i, j);
  };
  const weigh = (start: number, end: number): number => {
    let sum = 0;
    for (let i = start; i < end; i++) sum += weights[keys[i] as number] as number;
    return sum;
  };
  let missing = weigh(0, count) * fraction * (1 - 1e-12);
  let start = 0;
  let end = count;
  while (end - start > 1) {
    const [smaller, notLarger] = partition(values, start, end, swap);
    const below = weigh(start, smaller);
    const upTo = below + weigh(smaller, notLarger);
    if (missing <= below && smaller > start) end = smaller;
    else if (missing <= upTo || notLarger === end) return values[smaller] as number;
    else {
      missing -= upTo;
      start = notLarger;
    }
  }
  return values[start] as number;
}

/** Percentile by linear interpolation between order statistics, as NumPy and torch define it. Reorders `values`. */
export function interpolatedQuantile(values: Float64Array, count: number, fraction: number): number {
  const place = fraction * (count - 1);
  const lower = Math.floor(place);
  const low = select(values, count, lower);
  if (lower === place) return low;
  const high = minimum(values, lower + 1, count);
  return low + (place - lower) * (high - low);
}

/** The value of rank `rank` (from 0); afterwards all later elements are at least as large. */
function select(values: Float64Array, count: number, rank: number): number {
  const swap: Swap = (i, j) => exchange(values, i, j);
  let start = 0;
  let end = count;
  while (end - start > 1) {
    const [smaller, notLarger] = partition(values, start, end, swap);
    if (rank < smaller) end = smaller;
    else if (rank < notLarger) break;
    else start = notLarger;
  }
  return values[rank] as number;
}

/** Three-way partition of `[start, end)` about the median of three; returns where equal values start and end. */
function partition(values: Float64Array, start: number, end: number, swap: Swap): [number, number] {
  const pivot = medianOfThree(
    values[start] as number,
    values[(start + end) >> 1] as number,
    values[end - 1] as number,
  );
  let smaller = start;
  let larger = end;
  for (let i = start; i < larger; ) {
    const value = values[i] as number;
    if (value < pivot) swap(i++, smaller++);
    else if (value > pivot) swap(i, --larger);
    else i++;
  }
  return [smaller, larger];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function exchange(values: Float64Array, i: number, j: number): void {
  const value = values[i] as number;
  values[i] = values[j] as number;
  values[j] = value;
}

function minimum(values: Float64Array, start: number, end: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = start; i < end; i++) least = Math.min(least, values[i] as number);
  return least;
}
