import type { Triple } from '@bipvl/nn';
import { NetworkError } from '@bipvl/nn';

/** The shape of a network that fits a patch: what nnU-Net's networks take as options, and the patch they take. */
export interface NnUNetTopology {
  /** Sides in voxels: those asked for, enlarged to multiples of the strides. */
  readonly patch: Triple;
  readonly channels: readonly number[];
  readonly kernels: readonly Triple[];
  readonly strides: readonly Triple[];
}

/** No side of the bottom is shorter. */
const shortestSide = 4;

/**
 * Stages, strides and kernels by nnU-Net's rules (Isensee et al. 2021) for a patch of these sides in voxels at this spacing in mm: an axis is
 * halved while it has 8 voxels and its spacing is within a factor of 2 of the finest that can be halved; its kernels are 1 until its spacing
 * is within a factor of 2 of the finest.
 * @throws NetworkError `backbone-options` where a side is no whole number of at least 8 voxels or a spacing is not above 0.
 */
export function nnUNetTopology(patch: Triple, spacing: Triple): NnUNetTopology {
  check(patch, spacing);
  const kernels: Triple[] = [];
  const strides: Triple[] = [[1, 1, 1]];
  let state: State = { sides: patch, spacing, kernel: [1, 1, 1] };
  for (let axes = halvable(state); axes.length > 0; axes = halvable(state)) {
    state = halved(state, axes);
    kernels.push(state.kernel);
    strides.push(eachAxis((axis) => (axes.includes(axis) ? 2 : 1)));
  }
  const factors = eachAxis((axis) => strides.reduce((product, stride) => product * stride[axis], 1));
  return {
    patch: eachAxis((axis) => Math.ceil(patch[axis] / factors[axis]) * factors[axis]),
    channels: strides.map((_, stage) => Math.min(320, 32 * 2 ** stage)),
    kernels: [...kernels, [3, 3, 3]],
    strides,
  };
}

type Axis = 0 | 1 | 2;

/** Sides in voxels and spacing in mm of the grid that the next stage halves, and the kernel of the stage before. */
interface State {
  readonly sides: Triple;
  readonly spacing: Triple;
  readonly kernel: Triple;
}

function halvable({ sides, spacing }: State): readonly Axis[] {
  const long = ([0, 1, 2] as const).filter((axis) => sides[axis] >= 2 * shortestSide);
  const finest = Math.min(...long.map((axis) => spacing[axis]));
  const axes = long.filter((axis) => spacing[axis] / finest < 2);
  const [only] = axes;
  // The last axis alone is halved only where half of it is still half as long again as the shortest.
  return axes.length === 1 && only !== undefined && sides[only] < 3 * shortestSide ? [] : axes;
}

function halved({ sides, spacing, kernel }: State, axes: readonly Axis[]): State {
  const finest = Math.min(...spacing);
  return {
    sides: eachAxis((axis) => (axes.includes(axis) ? Math.ceil(sides[axis] / 2) : sides[axis])),
    spacing: eachAxis((axis) => (axes.includes(axis) ? 2 * spacing[axis] : spacing[axis])),
    kernel: eachAxis((axis) => (kernel[axis] === 3 || spacing[axis] / finest < 2 ? 3 : 1)),
  };
}

function eachAxis(value: (axis: Axis) => number): Triple {
  return [value(0), value(1), value(2)];
}

function check(patch: Triple, spacing: Triple): void {
  const legal =
    patch.every((side) => Number.isInteger(side) && side >= 2 * shortestSide) &&
    spacing.every((step) => Number.isFinite(step) && step > 0);
  if (legal) return;
  throw new NetworkError(
    'backbone-options',
    `nnU-Net plans sides of at least ${2 * shortestSide} voxels at spacings above 0 mm, received [${patch}] at [${spacing}]`,
    { hint: 'give whole numbers of voxels along D, H and W, and mm along the same axes' },
  );
}
