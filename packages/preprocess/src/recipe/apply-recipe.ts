import { spacing } from '../geometry/affine.js';
import { checkGrid, type Grid } from '../geometry/grid.js';
import { perAxis } from '../geometry/per-axis.js';
import { type Box, extractBox, foregroundBox, padBox } from '../transforms/box.js';
import { normaliseIntensity, windowIntensity } from '../transforms/intensity.js';
import { reorder, reorderingFor } from '../transforms/orient.js';
import { type Interpolation, resample, resampleGrid } from '../transforms/resample.js';
import { sameShape, type Volume } from '../volume.js';
import type { Recipe } from './recipe.js';
import type { Trace, TraceStep } from './trace.js';

/** A prepared volume and the way it went. */
export interface Prepared {
  readonly volume: Volume;
  readonly trace: Trace;
}

/**
 * Runs a recipe on an image: orient, resample (trilinear), intensity, crop, pad. The trace brings masks back
 * (`invertMask`) and takes labels along (`applyTrace`).
 */
export function applyRecipe(image: Volume, recipe: Recipe): Prepared {
  const run = new Run(image);
  if (recipe.orientation !== null) run.orient(recipe.orientation);
  if (recipe.spacing !== null) run.resample(recipe.spacing);
  run.volume = applyIntensity(run.volume, recipe.intensity);
  if (recipe.crop !== null) run.box(foregroundBox(run.volume, recipe.crop), 0);
  if (recipe.pad !== null) run.box(padBox(run.volume.shape, recipe.pad), recipe.padValue);
  const trace = { native: nativeGrid(image), prepared: gridOf(run.volume), steps: run.steps };
  return { volume: run.volume, trace };
}

/**
 * Replays the geometry of a trace on the label of the same case: nearest-neighbour, padding with 0. Throws
 * `grid-mismatch` when the label does not lie on the grid of the scan.
 */
export function applyTrace(label: Volume, trace: Trace): Volume {
  checkGrid(label, trace.native);
  return trace.steps.reduce((volume, step) => replay(volume, step, 'nearest'), label);
}

class Run {
  readonly steps: TraceStep[] = [];

  constructor(public volume: Volume) {}

  orient(code: string): void {
    const sources = reorderingFor(this.volume, code);
    this.record({ kind: 'orient', sources, before: gridOf(this.volume) }, reorder(this.volume, sources));
  }

  resample(target: readonly [number, number, number]): void {
    const resampled = resample(this.volume, target, 'linear');
    const [old, now] = [spacing(this.volume.affine), spacing(resampled.affine)];
    const steps = perAxis((axis) => now[axis] / old[axis]);
    this.record({ kind: 'resample', steps, shape: resampled.shape, before: gridOf(this.volume) }, resampled);
  }

  box(box: Box, fill: number): void {
    const whole = sameShape(box.size, this.volume.shape) && box.start.every((start) => start === 0);
    if (!whole)
      this.record({ kind: 'box', box, before: gridOf(this.volume) }, extractBox(this.volume, box, fill));
  }

  private record(step: TraceStep, result: Volume): void {
    if (result === this.volume) return;
    this.steps.push(step);
    this.volume = result;
  }
}

function applyIntensity(volume: Volume, intensity: Recipe['intensity']): Volume {
  if (intensity === null) return volume;
  return intensity.kind === 'zscore'
    ? normaliseIntensity(volume, intensity)
    : windowIntensity(volume, intensity);
}

function replay(volume: Volume, step: TraceStep, interpolation: Interpolation): Volume {
  switch (step.kind) {
    case 'orient':
      return reorder(volume, step.sources);
    case 'resample':
      return resampleGrid(volume, step.steps, step.shape, interpolation);
    case 'box':
      return extractBox(volume, step.box);
  }
}

function gridOf({ shape, affine }: Volume): Grid {
  return { shape, affine };
}

function nativeGrid({ shape, affine, geometry }: Volume): Trace['native'] {
  return geometry === undefined ? { shape, affine } : { shape, affine, geometry };
}
