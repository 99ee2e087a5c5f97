/** For each sample along one axis: the two voxels it lies between and the share of the second. */
export interface AxisTaps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float64Array;
}

/** Taps of linear interpolation at `i * step`, `i < count`, on an axis of `side` voxels whose ends repeat. */
export function linearTaps(side: number, step: number, count: number): AxisTaps {
  const taps = { low: new Int32Array(count), high: new Int32Array(count), weight: new Float64Array(count) };
  for (let i = 0; i < count; i += 1) {
    const position = Math.min(side - 1, i * step);
    const low = Math.floor(position);
    taps.low[i] = low;
    taps.high[i] = Math.min(side - 1, low + 1);
    taps.weight[i] = position - low;
  }
  return taps;
}

/** As `linearTaps`, but each sample takes the nearest voxel alone, halves going to the even one as torch rounds. */
export function nearestTaps(side: number, step: number, count: number): AxisTaps {
  const low = Int32Array.from({ length: count }, (_, i) => Math.min(side - 1, roundHalfEven(i * step)));
  return { low, high: low, weight: new Float64Array(count) };
}

/** The same samples of an axis of `side` voxels that is stored backwards. */
export function reversedTaps({ low, high, weight }: AxisTaps, side: number): AxisTaps {
  const backwards = (index: number): number => side - 1 - index;
  return { low: low.map(backwards), high: high.map(backwards), weight };
}

/** Rounds to the nearest whole number, halves to the even one, as NumPy and torch do. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
