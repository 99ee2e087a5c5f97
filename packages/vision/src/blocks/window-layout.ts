import { type AttentionRegions, RowOrder, type Triple } from '@bipvl/nn';

/** How the tokens of a grid lie in windows, and back. */
export interface WindowLayout {
  /** Tokens of the grid to those of the windows, window after window; zeros beyond the far ends. */
  readonly split: RowOrder;
  /** Tokens of the windows to those of the grid. */
  readonly join: RowOrder;
  /** Tokens a window. */
  readonly tokens: number;
  /** Where the shift brings far parts of the grid into one window; undefined without a shift. */
  readonly regions: AttentionRegions | undefined;
}

/**
 * Windows of a grid of tokens, shifted by `shift` with what leaves at one end coming in at the other (Liu et al. 2021). A side that is no longer than
 * the window's has one window and no shift; others are filled with zeros to a multiple.
 */
export function windowLayout(sides: Triple, window: Triple, shift: Triple): WindowLayout {
  const inUse = sides.map((side, axis) => Math.min(side, window[axis] as number)) as unknown as Triple;
  const moved = sides.map((side, axis) => (side <= (window[axis] as number) ? 0 : (shift[axis] as number)));
  return paddedWindowLayout(sides, inUse, moved as unknown as Triple);
}

/** The same with the window and the shift as they are given: a side shorter than the window's is filled with zeros too, and shifted. */
export function paddedWindowLayout(sides: Triple, window: Triple, shift: Triple): WindowLayout {
  const axes = sides.map((side, axis) => axisOf(side, window[axis] as number, shift[axis] as number));
  const [depth, height, width] = axes as [Axis, Axis, Axis];
  const windowed: number[] = [];
  const kinds: number[] = [];
  for (let d = 0; d < depth.count; d++) {
    for (let h = 0; h < height.count; h++) {
      for (let w = 0; w < width.count; w++) {
        kinds.push(kindAt(depth, d) * 4 + kindAt(height, h) * 2 + kindAt(width, w));
        sourcesOf([depth, height, width], [d, h, w], windowed);
      }
    }
  }
  const split = new RowOrder(Int32Array.from(windowed), sides[0] * sides[1] * sides[2]);
  const join = new RowOrder(split.targets[0] as Int32Array, windowed.length);
  const tokens = depth.window * height.window * width.window;
  const isShifted = axes.some((axis) => axis.shift > 0);
  const labels = isShifted ? labelsOf([depth, height, width]) : undefined;
  return { split, join, tokens, regions: labels && { kinds: Int32Array.from(kinds), labels } };
}

interface Axis {
  readonly side: number;
  readonly window: number;
  readonly shift: number;
  /** Windows along the axis. */
  readonly count: number;
}

function axisOf(side: number, window: number, shift: number): Axis {
  return { side, window, shift, count: Math.ceil(side / window) };
}

/** Whether both ends of the grid meet in this window. */
function kindAt({ shift, count }: Axis, index: number): 0 | 1 {
  return shift > 0 && index === count - 1 ? 1 : 0;
}

/** The grid's token at each place of one window, or -1. */
function sourcesOf(axes: readonly [Axis, Axis, Axis], at: Triple, sources: number[]): void {
  const [rows, columns, places] = axes.map((axis, index) => coordinates(axis, at[index] as number)) as [
    number[],
    number[],
    number[],
  ];
  const [, height, width] = axes;
  for (const d of rows) {
    for (const h of columns) {
      for (const w of places) {
        sources.push(d < 0 || h < 0 || w < 0 ? -1 : (d * height.side + h) * width.side + w);
      }
    }
  }
}

/** Coordinates along one axis of a window's places; -1 beyond the far end. */
function coordinates({ side, window, shift, count }: Axis, index: number): number[] {
  return Array.from({ length: window }, (_, place) => {
    const coordinate = (index * window + place + shift) % (count * window);
    return coordinate < side ? coordinate : -1;
  });
}

/** For each of the eight kinds of windows a label a token: bits say along which axes it has come round the end. */
function labelsOf(axes: readonly [Axis, Axis, Axis]): Int32Array {
  const [depth, height, width] = axes;
  const labels: number[] = [];
  const hasComeRound = (axis: Axis, isLast: number, place: number) =>
    isLast === 1 && place >= axis.window - axis.shift ? 1 : 0;
  for (let kind = 0; kind < 8; kind++) {
    for (let d = 0; d < depth.window; d++) {
      for (let h = 0; h < height.window; h++) {
        for (let w = 0; w < width.window; w++) {
          labels.push(
            hasComeRound(depth, kind >> 2, d) * 4 +
              hasComeRound(height, (kind >> 1) & 1, h) * 2 +
              hasComeRound(width, kind & 1, w),
          );
        }
      }
    }
  }
  return Int32Array.from(labels);
}
