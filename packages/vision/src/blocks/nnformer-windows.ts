import { NetworkError, type PositionStrides, type Triple } from '@bipvl/nn';
import { paddedWindowLayout, type WindowLayout } from './window-layout.js';

/** Which row of the table of position biases a difference of positions has: the release's, where some share one, or one each. */
export type RelativeIndex = 'released' | 'standard';

/** The windows of one grid of tokens. */
export interface NnFormerWindows {
  /** Sides of a window in tokens. */
  readonly window: Triple;
  /** Of the table of position biases; undefined for a row each. */
  readonly positionStrides: PositionStrides | undefined;
  readonly still: WindowLayout;
  /** The same as `still` where a shift is left out. */
  readonly shifted: WindowLayout;
}

export interface NnFormerWindowOptions {
  /** One number for a cube that shrinks to the grid's shortest side, three for windows that stay as they are. */
  readonly window: number | Triple;
  readonly relativeIndex: RelativeIndex;
  readonly shiftMask: boolean;
}

/**
 * Windows of a grid of these sides, at rest and shifted by half their sides, with zeros at the far ends. A cube that fills the shortest side is not
 * shifted; nor are windows that are the grid, or of which a side has no half.
 * @throws NetworkError `backbone-options` where the release's rows run beyond its table.
 */
export function nnFormerWindows(sides: Triple, options: NnFormerWindowOptions): NnFormerWindows {
  const { window, shift } = windowOf(sides, options.window);
  const still = paddedWindowLayout(sides, window, [0, 0, 0]);
  const shifted = shift ? paddedWindowLayout(sides, window, shift) : still;
  return {
    window,
    positionStrides: options.relativeIndex === 'released' ? releasedStrides(window) : undefined,
    still,
    shifted: options.shiftMask ? shifted : { ...shifted, regions: undefined },
  };
}

function windowOf(sides: Triple, given: number | Triple): { window: Triple; shift: Triple | undefined } {
  if (typeof given === 'number') {
    const shortest = Math.min(...sides);
    const side = Math.min(shortest, given);
    return { window: [side, side, side], shift: shortest > given ? halves([side, side, side]) : undefined };
  }
  const shift = halves(given);
  const stays = given.join() === sides.join() || shift.includes(0);
  return { window: given, shift: stays ? undefined : shift };
}

function halves(window: Triple): Triple {
  return window.map((side) => side >> 1) as unknown as Triple;
}

/** The factors of the release, both made of the window's second side; differences share rows, and some windows have too few. */
function releasedStrides(window: Triple): PositionStrides {
  const [depth, height, width] = window;
  const strides = [3 * height - 1, 2 * height - 1] as const;
  const last = 2 * (depth - 1) * strides[0] + 2 * (height - 1) * strides[1] + 2 * (width - 1);
  if (last >= (2 * depth - 1) * (2 * height - 1) * (2 * width - 1)) throw beyondTable(window);
  return strides;
}

function beyondTable(window: Triple): NetworkError {
  return new NetworkError(
    'backbone-options',
    `nnFormer's released index of positions runs beyond its table for windows of [${window}]`,
    { hint: "set relativeIndex: 'standard', or give windows of equal sides" },
  );
}
