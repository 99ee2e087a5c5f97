import { spacing } from '../geometry/affine.js';
import type { Grid } from '../geometry/grid.js';
import { perAxis } from '../geometry/per-axis.js';
import { type Box, extractBox } from '../transforms/box.js';
import { isIdentity, type Reordering, reorder, reorderedGrid, reorderingFor } from '../transforms/orient.js';
import { planResampling, resampleGrid } from '../transforms/resample.js';
import { sameShape, type Volume } from '../volume.js';
import type { Trace, TraceStep } from './trace.js';

/**
 * A volume on its way through a recipe, and the steps it took. Flips wait for the resampling that follows, which does
 * them on the way; values are changed in place as soon as they are the run's own.
 */
export class RecipeRun {
  readonly #native: Volume;
  readonly #steps: TraceStep[] = [];
  #volume: Volume;
  #waiting: Reordering | undefined;

  constructor(image: Volume) {
    this.#native = image;
    this.#volume = image;
  }

  get volume(): Volume {
    if (this.#waiting !== undefined) this.#volume = reorder(this.#volume, this.#waiting);
    this.#waiting = undefined;
    return this.#volume;
  }

  /** Brings the array axes to an orientation code; null leaves them. */
  orient(code: string | null): void {
    if (code === null) return;
    const before = this.#grid();
    const sources = reorderingFor(before, code);
    if (isIdentity(sources)) return;
    this.#steps.push({ kind: 'orient', sources, before });
    this.#volume = this.volume;
    this.#waiting = sources;
  }

  /** Resamples an image to `target` mm; null leaves the grid. */
  resample(target: readonly [number, number, number] | null): void {
    if (target === null) return;
    const before = this.#grid();
    const planned = planResampling(before, target);
    if (planned === undefined) return;
    const reversed = this.#takeFlips();
    const { shape } = planned;
    this.#volume = resampleGrid(this.volume, planned.steps, shape, 'linear', reversed);
    const [old, now] = [spacing(before.affine), spacing(this.#volume.affine)];
    const steps = perAxis((axis) => now[axis] / old[axis]);
    this.#steps.push({ kind: 'resample', steps, shape, before });
  }

  /** Cuts or widens to a box, `fill` standing outside the volume. */
  box(box: Box, fill: number): void {
    const { volume } = this;
    if (sameShape(box.size, volume.shape) && box.start.every((start) => start === 0)) return;
    this.#steps.push({ kind: 'box', box, before: this.#grid() });
    this.#volume = extractBox(volume, box, fill);
  }

  /** Changes the values as float32, never those of the image that came in. */
  changeValues(change: (values: Float32Array, channels: number) => void): void {
    const { volume } = this;
    const own = volume.data instanceof Float32Array && volume.data !== this.#native.data;
    const data = own ? (volume.data as Float32Array) : new Float32Array(volume.data);
    change(data, volume.channels);
    this.#volume = { ...volume, data };
  }

  trace(): Trace {
    const { shape, affine, geometry } = this.#native;
    const native = geometry === undefined ? { shape, affine } : { shape, affine, geometry };
    return { native, prepared: this.#grid(), steps: this.#steps };
  }

  #grid(): Grid {
    const { shape, affine } = this.#volume;
    return this.#waiting === undefined ? { shape, affine } : reorderedGrid({ shape, affine }, this.#waiting);
  }

  /** The axes to reverse while resampling: those that wait, where nothing but flips waits. */
  #takeFlips(): readonly [boolean, boolean, boolean] {
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.some(({ axis }, place) => axis !== place))
      return [false, false, false];
    this.#waiting = undefined;
    return perAxis((axis) => waiting[axis].reversed);
  }
}
