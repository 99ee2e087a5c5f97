import { checkGrid } from '../geometry/grid.js';
import { labelRegions } from '../masks/label-regions.js';
import { remapLabels } from '../masks/remap-labels.js';
import { extractBox, foregroundBox, padBox } from '../transforms/box.js';
import { normaliseValues, windowValues } from '../transforms/intensity.js';
import { reorder } from '../transforms/orient.js';
import { resampleGrid } from '../transforms/resample.js';
import type { Volume } from '../volume.js';
import type { Intensity, Recipe } from './recipe.js';
import { RecipeRun } from './recipe-run.js';
import type { Trace, TraceStep } from './trace.js';

/** A prepared volume and the way it went. */
export interface Prepared {
  readonly volume: Volume;
  readonly trace: Trace;
}

/**
 * Runs a recipe on an image: orient and resample (trilinear) in the recipe's order, intensity, crop, pad. The trace
 * brings masks back (`invertMask`) and takes labels along (`applyTrace`).
 */
export function applyRecipe(image: Volume, recipe: Recipe): Prepared {
  const run = new RecipeRun(image);
  if (recipe.order === 'orient-first') run.orient(recipe.orientation);
  run.resample(recipe.spacing);
  run.orient(recipe.orientation);
  const { intensity } = recipe;
  if (intensity !== null) run.changeValues((values, channels) => applyIntensity(values, channels, intensity));
  if (recipe.crop !== null) run.box(foregroundBox(run.volume, recipe.crop), 0);
  if (recipe.pad !== null) run.box(padBox(run.volume.shape, recipe.pad), recipe.padValue);
  return { volume: run.volume, trace: run.trace() };
}

/**
 * Replays the geometry of a trace on the label of the same case: nearest-neighbour, padding with 0. Throws
 * `grid-mismatch` when the label does not lie on the grid of the scan.
 */
export function applyTrace(label: Volume, trace: Trace): Volume {
  checkGrid(label, trace.native);
  return trace.steps.reduce(replay, label);
}

/**
 * Prepares the label of a case as its image was: values to ids, geometry, regions. Throws `unknown-label` for a value
 * that the recipe's table lacks, and what `applyTrace` throws.
 */
export function prepareLabel(
  label: Volume,
  recipe: Pick<Recipe, 'labels' | 'regions'>,
  trace: Trace,
): Volume {
  const { labels, regions } = recipe;
  const classes = labels === null ? label : remapLabels(label, labels.values, labels);
  const placed = applyTrace(classes, trace);
  return regions === null ? placed : labelRegions(placed, regions);
}

function applyIntensity(values: Float32Array, channels: number, intensity: Intensity): void {
  if (intensity.kind === 'zscore') normaliseValues(values, channels, intensity);
  else windowValues(values, intensity);
}

function replay(volume: Volume, step: TraceStep): Volume {
  switch (step.kind) {
    case 'orient':
      return reorder(volume, step.sources);
    case 'resample':
      return resampleGrid(volume, step.steps, step.shape, 'nearest');
    case 'box':
      return extractBox(volume, step.box);
  }
}
