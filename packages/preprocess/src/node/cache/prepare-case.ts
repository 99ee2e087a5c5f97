import type { CaseFiles } from '../../dataset/dataset.js';
import { PreprocessError } from '../../errors.js';
import { remapLabels } from '../../masks/remap-labels.js';
import { applyRecipe, prepareLabel } from '../../recipe/apply-recipe.js';
import type { Recipe } from '../../recipe/recipe.js';
import { buildPatchIndex, type PatchIndex } from '../../sampling/patch-index.js';
import { smallestIntegers } from '../../smallest-integers.js';
import type { Volume } from '../../volume.js';
import { readCaseImage, readLabel } from '../read-case.js';

/** How cases are prepared: JSON, so that it can be hashed and sent to a worker. */
export interface PrepareOptions {
  readonly recipe: Recipe;
  /** Ids that become 1, 2, ... in this order, all others background. Default: the labels stay as they are. */
  readonly labelIds?: readonly number[];
  /** Background voxels of the patch index have an image value above this; null takes all. Default 0. */
  readonly backgroundAbove?: number | null;
}

/** A case as a network sees it. */
export interface PreparedCase {
  readonly id: string;
  /** Float32 `[D, H, W, C]`, as the recipe makes it. */
  readonly image: Volume<Float32Array>;
  /** `[D, H, W]`, on the grid of the image. */
  readonly label: Volume<Uint8Array | Int32Array>;
  readonly index: PatchIndex;
}

/**
 * Reads and prepares one case. The label stays a map of classes: regions are made of it by `labelRegions`, where they
 * are needed, at an eighth of the memory. Throws `no-label`, or the error of the file that cannot be read or does not fit.
 */
export async function prepareCase(files: CaseFiles, options: PrepareOptions): Promise<PreparedCase> {
  if (files.label === undefined) throw withoutLabel(files.id);
  const { volume, trace } = applyRecipe(await readCaseImage(files), options.recipe);
  const stored = await readLabel(files.label);
  const label = asClasses(
    prepareLabel(stored, { ...options.recipe, regions: null }, trace),
    options.labelIds,
  );
  const data = volume.data instanceof Float32Array ? volume.data : new Float32Array(volume.data);
  const image = { ...volume, data };
  const { backgroundAbove = 0 } = options;
  const index = buildPatchIndex(image, label, {
    backgroundAbove: backgroundAbove ?? Number.NEGATIVE_INFINITY,
  });
  return { id: files.id, image, label, index };
}

function asClasses(label: Volume, ids: readonly number[] | undefined): Volume<Uint8Array | Int32Array> {
  const table = ids === undefined ? undefined : new Map(ids.map((id, place) => [id, place + 1]));
  const classes = table === undefined ? label : remapLabels(label, table, { others: 'background' });
  const { data } = smallestIntegers(classes);
  return { ...classes, data: data instanceof Uint8Array ? data : new Int32Array(data) };
}

function withoutLabel(id: string): PreprocessError {
  return new PreprocessError('no-label', `case ${id} has no label file, and nothing can be learnt from it`, {
    kind: 'data',
    hint: 'name its label in dataset.json, or take the case out of the split',
  });
}
