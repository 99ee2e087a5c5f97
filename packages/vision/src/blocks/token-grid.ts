import { NetworkError } from '@bipvl/nn';

/** Most positions of a grid that nobody chose: attention among positions holds their square. */
const mostPositions = 1024;

/** The grid that skips of all sizes are averaged to: the one that was asked for, or one that follows from the smallest skip. */
export class TokenGrid {
  readonly #chosen: readonly number[] | undefined;

  /** @throws NetworkError `bridge-options` where a side is not a whole number above 0. */
  constructor(chosen?: readonly number[]) {
    if (chosen && !chosen.every((side) => Number.isInteger(side) && side >= 1)) throw noGrid(chosen);
    this.#chosen = chosen;
  }

  /**
   * Sides of the grid for skips of these sides, two or three each. Without a chosen one, those of the smallest skip divided by the smallest
   * whole number that leaves at most 1024 positions.
   * @throws NetworkError `bridge-options` where the chosen grid has other axes, `illegal-size` where a skip is smaller than it
   */
  over(skips: readonly (readonly number[])[]): readonly number[] {
    const [finest = []] = skips;
    const smallest = finest.map((_, axis) => Math.min(...skips.map((sides) => sides[axis] as number)));
    if (this.#chosen === undefined) return reduced(smallest);
    if (this.#chosen.length !== smallest.length) throw otherAxes(this.#chosen, smallest);
    if (this.#chosen.some((side, axis) => side > (smallest[axis] as number)))
      throw tooFine(this.#chosen, smallest);
    return this.#chosen;
  }
}

function reduced(sides: readonly number[]): readonly number[] {
  for (let factor = 1; ; factor++) {
    const grid = sides.map((side) => Math.ceil(side / factor));
    if (grid.reduce((total, side) => total * side, 1) <= mostPositions) return grid;
  }
}

function noGrid(grid: readonly number[]): NetworkError {
  return new NetworkError('bridge-options', `DCA expects whole numbers above 0 as grid, received [${grid}]`, {
    hint: 'give one side an axis, for instance [28, 28] or [8, 8, 8], or leave the grid out',
  });
}

function otherAxes(grid: readonly number[], smallest: readonly number[]): NetworkError {
  return new NetworkError(
    'bridge-options',
    `DCA has a grid of ${grid.length} axes, [${grid}], and received skips of ${smallest.length}`,
    { hint: `give a grid of at most [${smallest}], or leave it out` },
  );
}

function tooFine(grid: readonly number[], smallest: readonly number[]): NetworkError {
  const nearest = grid.map((side, axis) => Math.min(side, smallest[axis] as number));
  return new NetworkError(
    'illegal-size',
    `DCA averages skips to a grid of [${grid}], the smallest skip has sides [${smallest}]`,
    { hint: `use a grid of [${nearest}], a larger patch, or leave the grid out` },
  );
}
