import { NetworkError, type Triple } from '@bipvl/nn';
import type { FusionSite } from '../coupling.js';

/** The grids of an encoder whose stage n divides the sides by its stride, and which image sides they fit. */
export class StageGrids {
  readonly #network: string;
  readonly #strides: readonly Triple[];
  readonly #leastVoxels: number;

  /** `network` is its name in an error; the last grid must have `leastVoxels`: 2 where instance norm follows, which makes one voxel zero. */
  constructor(network: string, strides: readonly Triple[], leastVoxels: 1 | 2 = 1) {
    this.#network = network;
    this.#strides = strides;
    this.#leastVoxels = leastVoxels;
  }

  /**
   * Sides of the grid after this stage for an image of these sides in voxels.
   * @throws NetworkError `illegal-size` naming the nearest sides that are multiples of all strides, or leave the last grid a voxel more.
   */
  extent(stage: number, input: readonly number[]): readonly number[] {
    const whole = this.#factors(this.#strides.length - 1);
    if (input.length !== 3 || input.some((side, axis) => side < 1 || side % (whole[axis] as number) !== 0))
      throw illegal(this.#network, input, whole);
    const voxels = input.reduce((product, side, axis) => (product * side) / (whole[axis] as number), 1);
    if (voxels < this.#leastVoxels) throw single(this.#network, input);
    const factors = this.#factors(stage);
    return input.map((side, axis) => side / (factors[axis] as number));
  }

  /** The site after a stage. */
  site(stage: number, channels: number): FusionSite {
    const extent = (input: readonly number[]) => this.extent(stage, input);
    return { name: `stage ${stage}`, kind: 'grid', channels, prefix: 0, extent };
  }

  #factors(stage: number): number[] {
    const strides = this.#strides.slice(0, stage + 1);
    return [0, 1, 2].map((axis) =>
      strides.reduce((product, stride) => product * (stride[axis] as number), 1),
    );
  }
}

function illegal(network: string, input: readonly number[], factors: readonly number[]): NetworkError {
  const nearest = factors.map(
    (factor, axis) => Math.max(1, Math.round((input[axis] ?? factor) / factor)) * factor,
  );
  return new NetworkError(
    'illegal-size',
    `${network} expects sides that are multiples of [${factors}], received [${input}]`,
    { hint: `use a patch of [${nearest}] voxels` },
  );
}

function single(network: string, [depth, ...others]: readonly number[]): NetworkError {
  return new NetworkError(
    'illegal-size',
    `${network} with instance norm expects more than one voxel at its bottleneck, received sides [${[depth, ...others]}]`,
    { hint: `use a patch of [${[2 * (depth ?? 1), ...others]}] voxels or more` },
  );
}
