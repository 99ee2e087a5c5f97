import { evaluateCase } from '../../packages/metrics/dist/index.js';
import { median } from '../take-turns.mjs';
import { boxVoxels, labelMaps, labels, shape, spacing } from './label-maps.mjs';

const sizes = [0.5, 0.8, 1.1, 1.4, 1.7];

/** Millions of voxels in the boxes of the labels and milliseconds, for label maps of five sizes; sizes take turns. */
export function measureGrowth(repetitions) {
  const maps = sizes.map(labelMaps);
  const times = maps.map(() => []);
  for (let turn = -1; turn < repetitions; turn++) {
    for (const [index, { prediction, reference }] of maps.entries()) {
      const start = performance.now();
      evaluateCase(prediction, reference, { shape, spacing, labels });
      if (turn >= 0) times[index].push(performance.now() - start);
    }
  }
  return maps.map((each, index) => ({ millions: boxVoxels(each) / 1e6, ms: median(times[index]) }));
}

/** The line of least squares through the points, and the share of the variance that it explains. */
export function fitLine(points) {
  const mean = (key) => points.reduce((sum, point) => sum + point[key], 0) / points.length;
  const [x, y] = [mean('millions'), mean('ms')];
  const sum = (term) => points.reduce((total, { millions, ms }) => total + term(millions - x, ms - y), 0);
  const slope = sum((dx, dy) => dx * dy) / sum((dx) => dx * dx);
  const intercept = y - slope * x;
  const left = sum((dx, dy) => (dy - slope * dx) ** 2);
  return { slope, intercept, explained: 1 - left / sum((_, dy) => dy * dy) };
}
