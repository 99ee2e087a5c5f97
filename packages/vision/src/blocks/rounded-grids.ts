import { NetworkError, type Triple } from '@bipvl/nn';
import { StageGrids } from './stage-grids.js';

/** The grids of an encoder that takes images of any size: what a stride does not divide is rounded up. */
export class RoundedGrids extends StageGrids {
  readonly #network: string;
  readonly #strides: readonly Triple[];

  constructor(network: string, strides: readonly Triple[]) {
    super(network, strides);
    this.#network = network;
    this.#strides = strides;
  }

  /** Sides of the grid after this stage for an image of these sides in voxels. @throws NetworkError `illegal-size` where a side is not above 0. */
  override extent(stage: number, input: readonly number[]): readonly number[] {
    if (input.length !== 3 || input.some((side) => side < 1)) throw empty(this.#network, input);
    return this.#strides
      .slice(0, stage + 1)
      .reduce(
        (sides, stride) => sides.map((side, axis) => Math.ceil(side / (stride[axis] as number))),
        input,
      );
  }
}

function empty(network: string, input: readonly number[]): NetworkError {
  return new NetworkError('illegal-size', `${network} expects three sides above 0, received [${input}]`, {
    hint: 'use a patch of at least [1,1,1] voxels',
  });
}
