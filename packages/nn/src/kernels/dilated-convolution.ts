import { convolveByPhases } from './by-phases.js';
import { checkInput, checkReach, convolve, mapAxes } from './convolution.js';
import { type Grid, padSpatially, type Sides } from './grid.js';
import { convolveDilatedNatively, hasNativeDilation } from './native-dilation.js';

/**
 * Convolution whose taps lie `dilation` voxels apart (Yu and Koltun 2016), zeros padded on both sides.
 * x [N, D, H, W, I], filter [kd, kh, kw, I, O], or without the first axis both; sides become
 * floor((side + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. TensorFlow.js refuses its gradient; TensorFlow has it where
 * it computes with oneDNN or on a GPU, and elsewhere it is `compositeDilated`.
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
  if (!hasNativeDilation()) return compositeDilated(x, filter, stride, padding, dilation);
  const isSame =
    stride.every((step) => step === 1) &&
    padding.every(
      (side, axis) => 2 * side === (dilation[axis] as number) * ((filter.shape[axis] as number) - 1),
    );
  if (isSame) return convolveDilatedNatively(x, filter, { stride, dilation, padding: 'SAME' });
  const padded = padSpatially(x, padding, padding);
  return convolveDilatedNatively(padded, filter, { stride, dilation, padding: 'VALID' });
}

/** The definition in basic operations, for every backend. */
export function compositeDilated<T extends Grid>(
  x: T,
  filter: T,
  stride: Sides,
  padding: Sides,
  dilation: Sides,
): T {
  const kernel = filter.shape.slice(0, -2) as unknown as Sides;
  return convolveByPhases(x, { kernel, stride, padding, dilation }, (phases, step) =>
    convolve(
      phases,
      filter,
      step,
      mapAxes(step, () => 0),
    ),
  );
}
