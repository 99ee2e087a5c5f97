import { type Fault, shortList } from '../dataset/fault.js';
import type { DatasetLabel } from '../dataset/manifest.js';
import type { DatasetRecipe, RecipeLabel } from './dataset-recipe.js';
import { isNamed } from './same-name.js';

/** What a folder says of itself. */
export interface FoundDataset {
  readonly modality: readonly string[];
  readonly labels: readonly DatasetLabel[];
  readonly trainCases: number;
  readonly heldOutCases: number;
}

/**
 * Differences between a folder and what its recipe says it holds: an error where training would learn something else
 * (channels, classes), a warning where cases are missing. `file` is the manifest.
 */
export function checkAgainstRecipe(found: FoundDataset, recipe: DatasetRecipe, file: string): Fault[] {
  return [
    ...checkChannelNames(found.modality, recipe, file),
    ...checkLabelNames(found.labels, recipe.labels, file),
    ...checkCaseCount(found, recipe, file),
  ];
}

function checkChannelNames(
  modality: readonly string[],
  { channels, title }: DatasetRecipe,
  file: string,
): Fault[] {
  const same =
    modality.length === channels.length &&
    channels.every((channel, index) => isNamed(channel, modality[index] ?? ''));
  if (same) return [];
  const wanted = channels.map(({ name }) => name).join(', ');
  const fault = `names the channels ${modality.join(', ') || '(none)'}; ${title} has ${wanted}`;
  const mend = 'correct modality (channel_names) in dataset.json, or choose another recipe';
  return [{ rule: 'recipe-channels', file, fault, mend, severity: 'error' }];
}

function checkLabelNames(
  found: readonly DatasetLabel[],
  wanted: readonly RecipeLabel[],
  file: string,
): Fault[] {
  const missing = wanted.filter(({ id }) => !found.some((label) => label.id === id));
  const foreign = found.filter(({ id }) => !wanted.some((label) => label.id === id));
  const renamed = wanted.flatMap((label) => {
    const other = found.find(({ id }) => id === label.id);
    return other === undefined || label.id === 0 || isNamed(label, other.name)
      ? []
      : [`${label.id} is ${JSON.stringify(other.name)}, not ${label.name}`];
  });
  const mend = 'correct labels in dataset.json and the label files, or choose another recipe';
  const report = (fault: string, items: readonly string[]): Fault[] =>
    items.length === 0
      ? []
      : [
          {
            rule: 'recipe-labels',
            file,
            fault: `${fault}: ${shortList(items, 16)}`,
            mend,
            severity: 'error',
          },
        ];
  const numbered = ({ id, name }: DatasetLabel): string => `${id} ${name}`;
  return [
    ...report('lacks classes of the recipe', missing.map(numbered)),
    ...report('has classes that the recipe does not know', foreign.map(numbered)),
    ...report('gives ids of the recipe other meanings', renamed),
  ];
}

function checkCaseCount(found: FoundDataset, { cases, title, split }: DatasetRecipe, file: string): Fault[] {
  // Who is held out is our own choice but where the dataset lists it.
  const listed = split.kind === 'listed';
  const counts: [string, number, number][] = listed
    ? [
        ['training cases', found.trainCases, cases.train],
        ['held-out cases', found.heldOutCases, cases.heldOut],
      ]
    : [['cases', found.trainCases + found.heldOutCases, cases.train + cases.heldOut]];
  return counts.flatMap(([what, has, wanted]) => {
    if (has === wanted) return [];
    const mend = 'complete the download, or know that scores of other studies do not compare';
    const fault = `has ${has} ${what}; ${title} has ${wanted}`;
    return [{ rule: 'recipe-cases', file, fault, mend, severity: 'warning' as const }];
  });
}
