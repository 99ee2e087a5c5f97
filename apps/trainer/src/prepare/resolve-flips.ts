import { mentionsSides } from '@bipvl/concepts';
import { findConceptSet } from '@bipvl/concepts/node';
import {
  type AugmentationStep,
  type FlipStep,
  flipsSidesUnpaired,
  type Recipe,
  withoutSideFlips,
} from '@bipvl/preprocess';
import { inOrder, type Label } from '@bipvl/segmenter';
import type { ResolvedConfig } from '../config/run-config.js';
import { readsText } from '../config/run-config-schema.js';
import { TrainerError } from '../errors.js';
import { namesSide, sidePairs } from './side-names.js';

/** A configuration whose flips keep texts and labels true, and what a user should know of the change. */
export interface ResolvedFlips {
  readonly config: ResolvedConfig;
  readonly notices: readonly string[];
}

/**
 * Tells each flip which axis runs from left to right, and turns flips along it off where a class or its texts speak
 * of left or right and no label pairs are given.
 * @throws TrainerError `unknown-label-pair`, `wrong-left-right-axis`, `unknown-left-right-axis`; or the error of the
 * concept set that cannot be read.
 */
export async function resolveFlips(config: ResolvedConfig): Promise<ResolvedFlips> {
  const { recipe, segmenter } = config;
  if (!config.augmentation.some(({ kind }) => kind === 'flip')) return { config, notices: [] };
  for (const [place, step] of config.augmentation.entries()) requireKnownPairs(step, place, segmenter.labels);
  const speaking = await classesThatSpeakOfSides(config);
  const placed = config.augmentation.map((step, place) =>
    step.kind === 'flip' ? placeSides(step, place, recipe, speaking.length > 0) : step,
  );
  if (speaking.length === 0) return { config: { ...config, augmentation: placed }, notices: [] };
  const notices = placed.flatMap((step, place) =>
    flipsSidesUnpaired(step) ? [turnedOff(step, place, speaking, segmenter.labels)] : [],
  );
  return { config: { ...config, augmentation: withoutSideFlips(placed) }, notices };
}

/** The classes of a run whose texts, or names where no text is read, say left or right. */
async function classesThatSpeakOfSides({ concepts, segmenter }: ResolvedConfig): Promise<string[]> {
  const { labels } = segmenter;
  const named = labels.filter(({ name }) => namesSide(name)).map(({ name }) => name);
  if (concepts === null || !readsText(segmenter)) return named;
  const mentions = mentionsSides(inOrder(await findConceptSet(concepts), labels));
  return [...new Set([...named, ...mentions.map((mention) => mention.class)])];
}

/** The flip with its left-right axis, which a recipe decides by its orientation; 0, the default, stays unsaid. */
function placeSides(step: FlipStep, place: number, { orientation }: Recipe, speaks: boolean): FlipStep {
  const given = step.leftRightAxis;
  if (orientation === null) {
    const matters = speaks || step.labelPairs.length > 0;
    if (matters && given === undefined && step.probability.some((each) => each > 0)) throw unknownAxis(place);
    return step;
  }
  const axis = orientation.search(/[RL]/) as 0 | 1 | 2;
  if (given !== undefined && given !== axis) throw wrongAxis(place, given, axis, orientation);
  return axis === 0 ? step : { ...step, leftRightAxis: axis };
}

function requireKnownPairs(step: AugmentationStep, place: number, labels: readonly Label[]): void {
  if (step.kind !== 'flip') return;
  const foreign = step.labelPairs.flat().find((id) => !labels.some((label) => label.id === id));
  if (foreign === undefined) return;
  const known = labels.map(({ id, name }) => `${id} ${name}`).join(', ');
  throw new TrainerError(
    'unknown-label-pair',
    `augmentation.${place}.labelPairs: the run has no label ${foreign}; it has ${known}`,
    { kind: 'usage', hint: 'give the ids of the dataset, both of each pair among segmenter.labels' },
  );
}

function turnedOff(
  step: FlipStep,
  place: number,
  speaking: readonly string[],
  labels: readonly Label[],
): string {
  const pairs = sidePairs(labels);
  const example = pairs.length > 0 ? `, here perhaps ${JSON.stringify(pairs)},` : ', e.g. [[2, 3]],';
  return (
    `augmentation.${place}: flips along the left-right axis (${'DHW'.charAt(step.leftRightAxis ?? 0)}) are turned off, ` +
    `for left or right is said of ${speaking.join(', ')}; give labelPairs${example} to swap labels and keep the flips`
  );
}

function unknownAxis(place: number): TrainerError {
  return new TrainerError(
    'unknown-left-right-axis',
    `augmentation.${place}: flips, classes have sides, and recipe.orientation null leaves open which axis runs from left to right`,
    {
      kind: 'usage',
      hint: `set recipe.orientation, e.g. RAS, or augmentation.${place}.leftRightAxis if all cases have the same`,
    },
  );
}

function wrongAxis(place: number, given: number, axis: number, orientation: string): TrainerError {
  return new TrainerError(
    'wrong-left-right-axis',
    `augmentation.${place}.leftRightAxis: is ${given}, with recipe.orientation ${orientation} it is ${axis}`,
    { kind: 'usage', hint: `leave augmentation.${place}.leftRightAxis out: the orientation decides` },
  );
}
