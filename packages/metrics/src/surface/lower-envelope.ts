import { ReusableArray } from './reusable-array.js';

/**
 * Exact one-dimensional squared distance transform: `result[q] = min over v of line[v] + ((q - v) * step)²`, by the
 * lower envelope of parabolas (Felzenszwalb & Huttenlocher 2012, algorithm 1). Linear in the length of the line.
 */
export class LowerEnvelope {
  readonly #apexes: ReusableArray<Int32Array> = new ReusableArray((length) => new Int32Array(length));
  readonly #starts: ReusableArray<Float64Array> = new ReusableArray((length) => new Float64Array(length));

  /** `squares[k]` is `(k * step)²`; an infinite `line[v]` is no apex; a line of infinities stays infinite. */
  transform(line: Float64Array, length: number, squares: Float64Array, result: Float64Array): void {
    const apexes = this.#apexes.take(length);
    const starts = this.#starts.take(length);
    const last = buildEnvelope(line, length, squares, apexes, starts);
    if (last < 0) {
      result.fill(Number.POSITIVE_INFINITY, 0, length);
      return;
    }
    for (let q = 0, k = 0; q < length; q++) {
      while (k < last && (starts[k + 1] as number) < q) k++;
      const apex = apexes[k] as number;
      result[q] = (line[apex] as number) + (squares[q < apex ? apex - q : q - apex] as number);
    }
  }
}

/** Fills apexes and the places where their parabolas take over; returns the index of the last one, -1 for none. */
function buildEnvelope(
  line: Float64Array,
  length: number,
  squares: Float64Array,
  apexes: Int32Array,
  starts: Float64Array,
): number {
  const twiceStep = 2 * (squares[1] as number);
  let k = -1;
  for (let q = 0; q < length; q++) {
    const height = (line[q] as number) + (squares[q] as number);
    if (height === Number.POSITIVE_INFINITY) continue;
    let start = Number.NEGATIVE_INFINITY;
    while (k >= 0) {
      const apex = apexes[k] as number;
      start = (height - (line[apex] as number) - (squares[apex] as number)) / (twiceStep * (q - apex));
      if (start > (starts[k] as number)) break;
      k--;
    }
    k++;
    apexes[k] = q;
    starts[k] = k === 0 ? Number.NEGATIVE_INFINITY : start;
  }
  return k;
}
