import { EngineError } from './errors.js';
import type { TensorFlow } from './load-engine.js';
import { type ConvolutionShape, convolve, filterGradient, imageGradient } from './plain-conv3d.js';

/** How far the engine was from the same numbers computed in plain TypeScript: largest difference over largest value. */
export interface SelfTestReport {
  readonly output: number;
  readonly imageGradient: number;
  readonly filterGradient: number;
  readonly milliseconds: number;
}

const shape: ConvolutionShape = { batch: 2, size: [5, 6, 7], kernel: 3, inputChannels: 3, outputChannels: 4 };
// Sums of 81 products in single precision stay below 1e-6; 1e-5 leaves room for other instruction sets, not for a wrong kernel.
const tolerance = 1e-5;
// TensorFloat-32 of GPUs since Ampere keeps 10 bits of each factor.
const gpuTolerance = 5e-3;

/**
 * Runs conv3d and both its gradients on the engine, twice. Throws `self-test-failed` where they differ from the definition
 * computed in plain TypeScript, or from one another.
 */
export function selfTest(tf: TensorFlow, usesGpu = false): SelfTestReport {
  const start = performance.now();
  const found = runOnEngine(tf);
  const again = runOnEngine(tf);
  const milliseconds = performance.now() - start;
  const [output, image, filter] = expected().map((values, index) => distance(values, found[index]));
  const report = {
    output: output ?? 0,
    imageGradient: image ?? 0,
    filterGradient: filter ?? 0,
    milliseconds,
  };
  const limit = usesGpu ? gpuTolerance : tolerance;
  for (const name of ['output', 'imageGradient', 'filterGradient'] as const) {
    if (!(report[name] <= limit))
      throw failed(`conv3d ${name}: expected a relative error up to ${limit}, got ${report[name]}`);
  }
  const repeats = found.every((values, index) => distance(Float64Array.from(values), again[index]) === 0);
  if (!repeats && !usesGpu) throw failed('conv3d: two runs on the same numbers gave different results');
  return report;
}

function runOnEngine(tf: TensorFlow): Float32Array[] {
  const [depth, height, width] = shape.size;
  const { batch, kernel, inputChannels, outputChannels } = shape;
  return tf.tidy(() => {
    const image = tf.tensor5d(Float32Array.from(numbers('image')), [
      batch,
      depth,
      height,
      width,
      inputChannels,
    ]);
    const filter = tf.tensor5d(Float32Array.from(numbers('filter')), [
      kernel,
      kernel,
      kernel,
      inputChannels,
      outputChannels,
    ]);
    const upstream = tf.tensor5d(Float32Array.from(numbers('upstream')), [
      batch,
      depth,
      height,
      width,
      outputChannels,
    ]);
    const convolution = (x: typeof image, f: typeof filter) => tf.conv3d(x, f, 1, 'same');
    const gradients = tf.grads((x, f) => convolution(x as typeof image, f as typeof filter))(
      [image, filter],
      upstream,
    );
    return [convolution(image, filter), ...gradients].map((tensor) => Float32Array.from(tensor.dataSync()));
  });
}

function expected(): Float64Array[] {
  const [image, filter, upstream] = [numbers('image'), numbers('filter'), numbers('upstream')];
  return [
    convolve(shape, image, filter),
    imageGradient(shape, filter, upstream),
    filterGradient(shape, image, upstream),
  ];
}

/** Fixed numbers in [-1, 1] as single precision holds them. */
function numbers(of: 'image' | 'filter' | 'upstream'): Float64Array {
  const voxels = shape.batch * shape.size[0] * shape.size[1] * shape.size[2];
  const lengths = {
    image: voxels * shape.inputChannels,
    filter: shape.kernel ** 3 * shape.inputChannels * shape.outputChannels,
    upstream: voxels * shape.outputChannels,
  };
  const multipliers = { image: 97, filter: 193, upstream: 389 };
  return Float64Array.from({ length: lengths[of] }, (_, index) =>
    Math.fround(((index * multipliers[of]) % 1009) / 504 - 1),
  );
}

function distance(wanted: Float64Array, found: Float32Array | undefined): number {
  if (found?.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const largest = wanted.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0);
  return (
    wanted.reduce(
      (worst, value, index) => Math.max(worst, Math.abs(value - (found[index] ?? Number.NaN))),
      0,
    ) / largest
  );
}

function failed(message: string): EngineError {
  return new EngineError('self-test-failed', message, {
    kind: 'numeric',
    hint: 'results of this engine are not to be trusted: run `npx bipvl-engine install --force`, and report it with `npx bipvl-engine doctor --json`',
  });
}
