import { createGrid, type GridOptions, type Mask } from '../grid.js';
import { type CroppedMasks, PREDICTION_BIT, REFERENCE_BIT } from '../surface/cropped-masks.js';
import { type Components, connectedComponents } from './components.js';
import { cropMasks } from './crop-masks.js';
import { type LesionCriteria, requireLesionCriteria } from './lesion-criteria.js';

/** The grid, and when a lesion counts as found. */
export interface LesionOptions extends GridOptions, LesionCriteria {}

/** Lesions found, missed and invented. */
export interface LesionDetection {
  /** Reference lesions that a predicted lesion matches. */
  readonly truePositive: number;
  /** Predicted lesions that match no reference lesion. */
  readonly falsePositive: number;
  /** Reference lesions that no predicted lesion matches. */
  readonly falseNegative: number;
  /** `2 TP / (2 TP + FP + FN)`; null when neither mask has a lesion. */
  readonly f1: number | null;
}

/**
 * Lesion-wise detection: lesions are the connected components of the masks. Throws `MetricsError` `bad-shape`,
 * `bad-spacing`, `bad-length`, `bad-iou` or `unknown-connectivity`.
 */
export function detectLesions(prediction: Mask, reference: Mask, options: LesionOptions): LesionDetection {
  requireLesionCriteria(options);
  return lesionsOf(cropMasks(prediction, reference, createGrid(options)), options);
}

/** The lesions of two cropped masks; undefined stands for two empty ones. */
export function lesionsOf(masks: CroppedMasks | undefined, criteria: LesionCriteria): LesionDetection {
  if (masks === undefined) return { truePositive: 0, falsePositive: 0, falseNegative: 0, f1: null };
  const predicted = componentsOf(masks, PREDICTION_BIT, criteria);
  const actual = componentsOf(masks, REFERENCE_BIT, criteria);
  const matches = matchingPairs(predicted, actual, criteria.iouAbove ?? 0);
  const truePositive = new Set(matches.map(([, lesion]) => lesion)).size;
  const falsePositive = predicted.sizes.length - 1 - new Set(matches.map(([lesion]) => lesion)).size;
  const falseNegative = actual.sizes.length - 1 - truePositive;
  const lesions = 2 * truePositive + falsePositive + falseNegative;
  return {
    truePositive,
    falsePositive,
    falseNegative,
    f1: lesions === 0 ? null : (2 * truePositive) / lesions,
  };
}

function componentsOf(
  { bits, depth, height, width, flat }: CroppedMasks,
  bit: number,
  { connectivity = 'corners' }: LesionCriteria,
): Components {
  const mask = new Uint8Array(depth * height * width);
  for (let d = 0, voxel = 0; d < depth; d++) {
    for (let h = 0; h < height; h++) {
      const row = ((d + 1) * (height + 2) + h + 1) * (width + 2) + 1;
      for (let w = 0; w < width; w++, voxel++) mask[voxel] = (bits[row + w] as number) & bit ? 1 : 0;
    }
  }
  const shape = flat ? [height, width] : [depth, height, width];
  return connectedComponents(mask, { shape, spacing: shape.map(() => 1) }, connectivity);
}

/** Pairs of a predicted and a reference lesion whose intersection over union is above the threshold. */
function matchingPairs(predicted: Components, actual: Components, iouAbove: number): [number, number][] {
  const overlaps = new Map<number, number>();
  const columns = actual.sizes.length;
  for (let i = 0; i < predicted.map.length; i++) {
    const row = predicted.map[i] as number;
    const column = actual.map[i] as number;
    if (row === 0 || column === 0) continue;
    const pair = row * columns + column;
    overlaps.set(pair, (overlaps.get(pair) ?? 0) + 1);
  }
  return [...overlaps].flatMap(([pair, common]): [number, number][] => {
    const row = Math.floor(pair / columns);
    const column = pair % columns;
    const union = (predicted.sizes[row] ?? 0) + (actual.sizes[column] ?? 0) - common;
    return common / union > iouAbove ? [[row, column]] : [];
  });
}
