import { type Dataset, datasetRecipe, type Recipe } from '@bipvl/preprocess';
import type { SegmenterConfig } from '@bipvl/segmenter';
import type { ResolvedConfig, RunConfig } from '../config/run-config.js';
import { TrainerError } from '../errors.js';

/**
 * Fills in the labels and label values that a configuration leaves to the dataset, and holds the others against it.
 * @throws TrainerError `unknown-label`, `wrong-channels`
 */
export function resolveConfig(config: RunConfig, dataset: Dataset): ResolvedConfig {
  const own = dataset.labels.filter(({ id }) => id !== 0).map(({ id, name }) => ({ id, name }));
  const labels = config.segmenter.labels ?? own;
  const foreign = labels.find(({ id }) => !own.some((label) => label.id === id));
  if (foreign !== undefined) throw unknownLabel(foreign, dataset);
  const { channels } = config.segmenter.image;
  if (dataset.modality.length > 0 && dataset.modality.length !== channels)
    throw wrongChannels(channels, dataset);
  const segmenter = { ...config.segmenter, labels } as SegmenterConfig;
  return { ...config, recipe: withLabelTable(config.recipe, dataset), segmenter };
}

/** A dataset of the paper may store other values than its class ids; its table then belongs to the recipe. */
function withLabelTable(recipe: Recipe, dataset: Dataset): Recipe {
  if (recipe.labels !== null || dataset.recipe === undefined) return recipe;
  return { ...recipe, labels: datasetRecipe(dataset.recipe).preprocessing.labels };
}

function unknownLabel({ id, name }: { id: number; name: string }, dataset: Dataset): TrainerError {
  const known = dataset.labels.map((label) => `${label.id} ${label.name}`).join(', ');
  return new TrainerError(
    'unknown-label',
    `segmenter.labels: ${dataset.folder} has no label ${id} (${name}); it has ${known}`,
    {
      kind: 'usage',
      hint: 'leave segmenter.labels out to take all labels of the dataset',
    },
  );
}

function wrongChannels(channels: number, { folder, modality }: Dataset): TrainerError {
  const found = `${modality.length} (${modality.join(', ')})`;
  return new TrainerError(
    'wrong-channels',
    `segmenter.image.channels: is ${channels}, the images of ${folder} have ${found}`,
    {
      kind: 'usage',
      hint: `set segmenter.image.channels=${modality.length}`,
    },
  );
}
