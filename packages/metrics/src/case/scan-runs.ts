import type { Grid } from '../grid.js';
import type { Words } from '../label-words.js';

/** Told of a run of voxels `[depth, height, start..end)` with one word in the prediction and one in the reference. */
export type RunVisitor = (
  predicted: number,
  actual: number,
  depth: number,
  height: number,
  start: number,
  end: number,
) => void;

/** Calls `visit` for each run of voxels along W in which neither label map changes. */
export function scanRuns(
  prediction: Words,
  reference: Words,
  { depth, height, width }: Grid,
  visit: RunVisitor,
): void {
  for (let d = 0, row = 0; d < depth; d++) {
    for (let h = 0; h < height; h++, row += width) {
      let predicted = prediction[row] as number;
      let actual = reference[row] as number;
      let start = 0;
      for (let w = 1; w < width; w++) {
        if (prediction[row + w] === predicted && reference[row + w] === actual) continue;
        visit(predicted, actual, d, h, start, w);
        predicted = prediction[row + w] as number;
        actual = reference[row + w] as number;
        start = w;
      }
      visit(predicted, actual, d, h, start, width);
    }
  }
}
