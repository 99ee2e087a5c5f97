import { type Affine, norm, spacing, type Vector3, voxelToWorld } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import { gaussian } from '../random.js';
import { type Shape3, type Volume, voxelCount } from '../volume.js';
import type { Tissue } from './tissue.js';

const AIR = -1000;
const LOWEST = -1024;
const HIGHEST = 3071;

// Voxels are painted in blocks of this side, each with the few tissues that come near it.
const BLOCK = 4;
// Distances of stretched ellipsoids are only roughly right away from the surface: look this much further.
const CAUTION = 2;

/** An image in HU (int16) and its label (uint8) on one grid. */
export interface Scan {
  readonly image: Volume<Int16Array>;
  readonly label: Volume<Uint8Array>;
}

/** Sides and affine of the grid to sample. */
export interface RenderGrid {
  readonly shape: Shape3;
  readonly affine: Affine;
}

/**
 * Samples tissues on a grid: a surface that crosses a voxel mixes both sides in proportion (partial volume), then
 * scanner noise of `noise` HU is added. A voxel has the label of the last tissue whose solid holds its centre.
 */
export function renderScan(
  tissues: readonly Tissue[],
  grid: RenderGrid,
  noise: number,
  random: () => number,
): Scan {
  const canvas = new Canvas(grid);
  const { shape, affine } = grid;
  for (let d = 0; d < shape[0]; d += BLOCK) {
    for (let h = 0; h < shape[1]; h += BLOCK) {
      for (let w = 0; w < shape[2]; w += BLOCK) canvas.paintBlock(tissues, [d, h, w]);
    }
  }
  const image = withNoise(canvas.values, noise, gaussian(random));
  return {
    image: { data: image, shape, channels: 1, affine },
    label: { data: canvas.label, shape, channels: 1, affine },
  };
}

class Canvas {
  readonly values: Float64Array;
  readonly label: Uint8Array;
  private readonly blur: number;
  private readonly reach: number;

  constructor(private readonly grid: RenderGrid) {
    this.values = new Float64Array(voxelCount(grid.shape));
    this.label = new Uint8Array(this.values.length);
    const steps = spacing(grid.affine);
    this.blur = Math.max(...steps);
    this.reach = CAUTION * norm(steps) * (BLOCK / 2) + this.blur;
  }

  paintBlock(tissues: readonly Tissue[], start: Vector3): void {
    const { shape, affine } = this.grid;
    const end = perAxis((axis) => Math.min(shape[axis], start[axis] + BLOCK));
    const near = this.nearby(
      tissues,
      voxelToWorld(
        affine,
        perAxis((axis) => (start[axis] + end[axis] - 1) / 2),
      ),
    );
    for (let d = start[0]; d < end[0]; d += 1) {
      for (let h = start[1]; h < end[1]; h += 1) {
        for (let w = start[2]; w < end[2]; w += 1) this.paintVoxel(near, d, h, w);
      }
    }
  }

  /** The tissues that may touch a block about `centre`, without those that a later one covers wholly. */
  private nearby(tissues: readonly Tissue[], [x, y, z]: Vector3): Tissue[] {
    let near: Tissue[] = [];
    for (const tissue of tissues) {
      const distance = tissue.solid(x, y, z);
      if (distance > this.reach) continue;
      if (distance < -this.reach && tissue.label !== undefined) near = [];
      near.push(tissue);
    }
    return near;
  }

  private paintVoxel(tissues: readonly Tissue[], d: number, h: number, w: number): void {
    const { affine: a, shape } = this.grid;
    const x = a[0] * d + a[1] * h + a[2] * w + a[3];
    const y = a[4] * d + a[5] * h + a[6] * w + a[7];
    const z = a[8] * d + a[9] * h + a[10] * w + a[11];
    const index = (d * shape[1] + h) * shape[2] + w;
    let value = AIR;
    for (const { solid, hounsfield, label } of tissues) {
      const distance = solid(x, y, z);
      if (distance >= this.blur / 2) continue;
      value += (hounsfield - value) * Math.min(1, 0.5 - distance / this.blur);
      if (distance < 0 && label !== undefined) this.label[index] = label;
    }
    this.values[index] = value;
  }
}

function withNoise(values: Float64Array, deviation: number, normal: () => number): Int16Array {
  const image = new Int16Array(values.length);
  for (let i = 0; i < image.length; i += 1) {
    const noisy = Math.round((values[i] as number) + deviation * normal());
    image[i] = Math.min(HIGHEST, Math.max(LOWEST, noisy));
  }
  return image;
}
