import { convolveByPhases } from './by-phases.js';
import { checkInput, checkReach, convolve } from './convolution.js';
import { type Grid, mapAxes, type Sides } from './grid.js';

/**
 * Convolution whose taps lie `dilation` voxels apart (Yu and Koltun 2016), zeros padded on both sides.
 * x [N, D, H, W, I], filter [kd, kh, kw, I, O], or without the first axis both; sides become
 * floor((side + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. TensorFlow.js refuses the gradient of its own; this one is made of
 * ordinary convolutions.
 * @throws NetworkError `wrong-rank`, `wrong-channels`, `side-too-short`.
 */
export function convolveDilated<T extends Grid>(
  x: T,
  filter: T,
  stride: Sides,
  padding: Sides,
  dilation: Sides,
): T {
  if (dilation.every((step) => step === 1)) return convolve(x, filter, stride, padding);
  checkInput(x, filter, -2);
  checkReach(x, filter, padding, dilation);
  const kernel = filter.shape.slice(0, -2) as unknown as Sides;
  const none = mapAxes(padding, () => 0);
  return convolveByPhases(x, { kernel, stride, padding, dilation }, (phases, step) =>
    convolve(phases, filter, step, none),
  );
}
