import { MetricsError } from '../errors.js';
import { LowerEnvelope } from './lower-envelope.js';
import { ReusableArray } from './reusable-array.js';
import type { Surface, SurfaceGrid } from './surface.js';

/** Voxels on each side of an element that are searched before its whole slice is transformed. */
const REACH = 16;
const LARGEST_DEPTH = 65_534;

/**
 * Exact Euclidean distance in mm to the nearest site of a grid, by the separable transform along D, then H, then W.
 *
 * Only the pass along D covers the whole grid. Surfaces to be compared lie close together, so a query first searches
 * its neighbourhood; if the nearest site may be beyond `REACH`, its slice `[H, W]` gets the other two passes, once.
 * Squares are summed in the order of the axes, as in SciPy, so that a distance on an NSD tolerance stays on it.
 */
export class DistanceField {
  #grid: SurfaceGrid = { depth: 0, height: 0, width: 0 };
  #squares: readonly [Float64Array, Float64Array, Float64Array] = [
    new Float64Array(),
    new Float64Array(),
    new Float64Array(),
  ];
  #offsets: Uint16Array = new Uint16Array();
  #transformedSlice = -1;
  readonly #offsetArray: ReusableArray<Uint16Array> = new ReusableArray((length) => new Uint16Array(length));
  readonly #slice: ReusableArray<Float64Array> = new ReusableArray((length) => new Float64Array(length));
  readonly #line: ReusableArray<Float64Array> = new ReusableArray((length) => new Float64Array(length));
  readonly #result: ReusableArray<Float64Array> = new ReusableArray((length) => new Float64Array(length));
  readonly #envelope: LowerEnvelope = new LowerEnvelope();

  /** Takes the sites that have `bit` set; spacing in mm, `[D, H, W]`. */
  load(sites: Uint8Array, bit: number, grid: SurfaceGrid, spacing: readonly [number, number, number]): void {
    requireDepth(grid);
    this.#grid = grid;
    this.#transformedSlice = -1;
    const [depthSquares, heightSquares, widthSquares] = [
      squaresOf(grid.depth, spacing[0]),
      squaresOf(grid.height, spacing[1]),
      squaresOf(grid.width, spacing[2]),
    ];
    depthSquares[grid.depth] = Number.POSITIVE_INFINITY;
    this.#squares = [depthSquares, heightSquares, widthSquares];
    this.#offsets = this.#offsetArray.take(grid.depth * grid.height * grid.width);
    sweepColumns(sites, bit, this.#offsets, grid);
  }

  /** Distance in mm from each element to the nearest site. There must be one. */
  measure(surface: Surface): Float64Array {
    const distances = surface.distances();
    const { height, width } = this.#grid;
    const plane = height * width;
    for (let i = 0; i < surface.count; i++) {
      const position = surface.positions[i] as number;
      const d = Math.floor(position / plane);
      const h = Math.floor((position - d * plane) / width);
      const inSlice = position - d * plane;
      let square = this.#transformedSlice === d ? -1 : this.#searchNear(position, h, inSlice - h * width);
      if (square < 0) square = this.#lookUp(d, inSlice);
      distances[i] = Math.sqrt(square);
    }
    return distances;
  }

  /** Squared distance to the nearest site, or -1 when that site may lie beyond the reach. */
  #searchNear(position: number, h: number, w: number): number {
    const { height, width } = this.#grid;
    const [depthSquares, heightSquares, widthSquares] = this.#squares;
    let best = this.#searchRow(position, w, 0, depthSquares[this.#offsets[position] as number] as number);
    for (let step = 1; step <= REACH && (heightSquares[step] as number) < best; step++) {
      const rowSquare = heightSquares[step] as number;
      if (h >= step) best = this.#searchRow(position - step * width, w, rowSquare, best);
      if (h + step < height) best = this.#searchRow(position + step * width, w, rowSquare, best);
    }
    const unseen = Math.min(heightSquares[REACH + 1] as number, widthSquares[REACH + 1] as number);
    return best <= unseen ? best : -1;
  }

  /** The smaller of `best` and the squared distance by way of the places of a row within reach of `centre`. */
  #searchRow(centre: number, w: number, rowSquare: number, best: number): number {
    const width = this.#grid.width;
    const [depthSquares, , widthSquares] = this.#squares;
    const offsets = this.#offsets;
    let nearest = best;
    for (let step = 0; step <= REACH && (widthSquares[step] as number) + rowSquare < nearest; step++) {
      const square = widthSquares[step] as number;
      if (w >= step) {
        const left = (depthSquares[offsets[centre - step] as number] as number) + rowSquare + square;
        if (left < nearest) nearest = left;
      }
      if (w + step < width) {
        const right = (depthSquares[offsets[centre + step] as number] as number) + rowSquare + square;
        if (right < nearest) nearest = right;
      }
    }
    return nearest;
  }

  #lookUp(d: number, inSlice: number): number {
    if (this.#transformedSlice !== d) {
      this.#transformSlice(d);
      this.#transformedSlice = d;
    }
    return this.#slice.take(0)[inSlice] as number;
  }

  #transformSlice(d: number): void {
    const { height, width } = this.#grid;
    const [depthSquares, heightSquares, widthSquares] = this.#squares;
    const slice = this.#slice.take(height * width);
    const line = this.#line.take(Math.max(height, width));
    const result = this.#result.take(Math.max(height, width));
    const first = d * height * width;
    for (let w = 0; w < width; w++) {
      for (let h = 0; h < height; h++) {
        line[h] = depthSquares[this.#offsets[first + h * width + w] as number] as number;
      }
      this.#envelope.transform(line, height, heightSquares, result);
      for (let h = 0; h < height; h++) slice[h * width + w] = result[h] as number;
    }
    for (let h = 0; h < height; h++) {
      const row = slice.subarray(h * width, (h + 1) * width);
      line.set(row);
      this.#envelope.transform(line, width, widthSquares, row);
    }
  }
}

/** Voxels along D to the nearest site of each column, at most `depth` (which stands for none), in two sweeps. */
function sweepColumns(sites: Uint8Array, bit: number, offsets: Uint16Array, grid: SurfaceGrid): void {
  const none = grid.depth;
  const plane = grid.height * grid.width;
  const size = plane * grid.depth;
  for (let i = 0; i < plane; i++) offsets[i] = (sites[i] as number) & bit ? 0 : none;
  for (let i = plane; i < size; i++) {
    const before = offsets[i - plane] as number;
    offsets[i] = (sites[i] as number) & bit ? 0 : before < none ? before + 1 : none;
  }
  for (let i = size - plane - 1; i >= 0; i--) {
    const after = (offsets[i + plane] as number) + 1;
    if (after < (offsets[i] as number)) offsets[i] = after;
  }
}

/** `(k * step)²` for k up to the length of the axis, and past the reach on a short one. */
function squaresOf(length: number, step: number): Float64Array {
  return Float64Array.from({ length: Math.max(length, REACH + 1) + 1 }, (_, k) => k * step * (k * step));
}

function requireDepth(grid: SurfaceGrid): void {
  if (grid.depth <= LARGEST_DEPTH) return;
  throw new MetricsError(
    'too-deep',
    `the box of a label has a depth of ${grid.depth} voxels: expected at most ${LARGEST_DEPTH}`,
    {
      kind: 'resource',
      hint: 'transpose the volume so that its longest axis is not the first',
    },
  );
}
