import { MetricsError } from '../errors.js';
import { createGrid, type GridOptions, type Mask, requireVoxels } from '../grid.js';
import { type Components, type Connectivity, connectedComponents } from './components.js';

/** When a lesion counts as found. */
export interface LesionOptions extends GridOptions {
  /** What connects two voxels of a lesion; `corners` by default. */
  readonly connectivity?: Connectivity;
  /** A pair of lesions matches when their intersection over union is above this; 0 (any common voxel) by default. */
  readonly iouAbove?: number;
}

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
 * `bad-spacing`, `bad-length` or `bad-iou`.
 */
export function detectLesions(prediction: Mask, reference: Mask, options: LesionOptions): LesionDetection {
  const { connectivity = 'corners', iouAbove = 0 } = options;
  requireVoxels(reference, 'reference', createGrid(options));
  if (!(iouAbove >= 0 && iouAbove < 1)) {
    throw new MetricsError('bad-iou', `iouAbove is ${iouAbove}: expected 0 or more, below 1`, {
      kind: 'usage',
      hint: 'pass 0 to match lesions that share any voxel',
    });
  }
  const predicted = connectedComponents(prediction, options, connectivity);
  const actual = connectedComponents(reference, options, connectivity);
  const matches = matchingPairs(predicted, actual, iouAbove);
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
