import { MetricsError } from '../errors.js';
import { type ProbabilityMap, requireClasses, requireProbabilities } from './probabilities.js';

/**
 * Brier score (Brier 1950): mean over voxels of the summed squared difference between the probabilities and the one-hot
 * reference class; 0..2. Throws `MetricsError` `bad-length`, `bad-class` or `bad-probability`.
 */
export function brierScore(map: ProbabilityMap, reference: ArrayLike<number>): number {
  const voxels = requireProbabilities(map);
  requireClasses(reference, voxels, map.classes);
  let sum = 0;
  for (let i = 0, at = 0; i < voxels; i++) {
    for (let c = 0; c < map.classes; c++, at++) {
      const difference = (map.values[at] as number) - (reference[i] === c ? 1 : 0);
      sum += difference * difference;
    }
  }
  return sum / voxels;
}

/**
 * Expected calibration error (Guo et al. 2017, equation 5): gap between the confidence of the most probable class and
 * its accuracy, averaged over equal-width bins by their share of the voxels; 0..1. Throws `MetricsError` `bad-bins`,
 * `bad-length`, `bad-class` or `bad-probability`.
 */
export function expectedCalibrationError(
  map: ProbabilityMap,
  reference: ArrayLike<number>,
  bins = 15,
): number {
  const voxels = requireProbabilities(map);
  requireClasses(reference, voxels, map.classes);
  if (!(Number.isSafeInteger(bins) && bins > 0)) {
    throw new MetricsError('bad-bins', `bins is ${bins}: expected a whole number above 0`, {
      kind: 'usage',
      hint: 'pass 15, as the paper does',
    });
  }
  const gaps = new Float64Array(bins);
  for (let i = 0; i < voxels; i++) {
    const best = mostProbable(map, i);
    const confidence = map.values[i * map.classes + best] as number;
    // Bins are open below and closed above: (0, 1/bins], ...
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    gaps[bin] = (gaps[bin] as number) + confidence - (reference[i] === best ? 1 : 0);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / voxels;
}

/**
 * Entropy of the class probabilities of each voxel in nats, `[V]`, 0..ln(C). Throws `MetricsError` `bad-length` or
 * `bad-probability`.
 */
export function predictiveEntropy(map: ProbabilityMap): Float32Array {
  const voxels = requireProbabilities(map);
  const entropy = new Float32Array(voxels);
  for (let i = 0, at = 0; i < voxels; i++) {
    let sum = 0;
    for (let c = 0; c < map.classes; c++, at++) {
      const probability = map.values[at] as number;
      if (probability > 0) sum -= probability * Math.log(probability);
    }
    entropy[i] = sum;
  }
  return entropy;
}

function mostProbable({ values, classes }: ProbabilityMap, voxel: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) {
    if ((values[voxel * classes + c] as number) > (values[voxel * classes + best] as number)) best = c;
  }
  return best;
}
