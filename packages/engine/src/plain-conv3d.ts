/** Sizes of a convolution of stride 1 with zero padding to the same size: image [N, D, H, W, Cin], filter [k, k, k, Cin, Cout], k odd. */
export interface ConvolutionShape {
  readonly batch: number;
  readonly size: readonly [depth: number, height: number, width: number];
  readonly kernel: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
}

type Visit = (input: number, filter: number, output: number) => void;

/** The convolution, from its definition and in double precision; all arrays in C order. */
export function convolve(shape: ConvolutionShape, image: Float64Array, filter: Float64Array): Float64Array {
  const output = new Float64Array(voxels(shape) * shape.outputChannels);
  visitProducts(shape, (i, f, o) => accumulate(output, o, at(image, i) * at(filter, f)));
  return output;
}

/** Gradient of sum(convolve(image, filter) * upstream) by the image. */
export function imageGradient(
  shape: ConvolutionShape,
  filter: Float64Array,
  upstream: Float64Array,
): Float64Array {
  const gradient = new Float64Array(voxels(shape) * shape.inputChannels);
  visitProducts(shape, (i, f, o) => accumulate(gradient, i, at(filter, f) * at(upstream, o)));
  return gradient;
}

/** Gradient of sum(convolve(image, filter) * upstream) by the filter. */
export function filterGradient(
  shape: ConvolutionShape,
  image: Float64Array,
  upstream: Float64Array,
): Float64Array {
  const gradient = new Float64Array(shape.kernel ** 3 * shape.inputChannels * shape.outputChannels);
  visitProducts(shape, (i, f, o) => accumulate(gradient, f, at(image, i) * at(upstream, o)));
  return gradient;
}

/** Calls `visit` with the three flat indices of every product the convolution sums. */
function visitProducts(shape: ConvolutionShape, visit: Visit): void {
  const { inputChannels, outputChannels } = shape;
  visitTaps(shape, (input, tap, output) => {
    for (let i = 0; i < inputChannels; i++) {
      for (let o = 0; o < outputChannels; o++) {
        visit(
          input * inputChannels + i,
          (tap * inputChannels + i) * outputChannels + o,
          output * outputChannels + o,
        );
      }
    }
  });
}

/** Calls `visit` with every pair of voxels that a filter tap connects. */
function visitTaps(shape: ConvolutionShape, visit: Visit): void {
  const [depth, height, width] = shape.size;
  const taps = shape.kernel ** 3;
  const reach = (shape.kernel - 1) / 2;
  for (let output = 0; output < voxels(shape); output++) {
    const w = output % width;
    const h = Math.floor(output / width) % height;
    const d = Math.floor(output / (width * height)) % depth;
    for (let tap = 0; tap < taps; tap++) {
      const dw = (tap % shape.kernel) - reach;
      const dh = (Math.floor(tap / shape.kernel) % shape.kernel) - reach;
      const dd = Math.floor(tap / shape.kernel ** 2) - reach;
      if (!inside(d + dd, depth) || !inside(h + dh, height) || !inside(w + dw, width)) continue;
      visit(output + (dd * height + dh) * width + dw, tap, output);
    }
  }
}

function voxels({ batch, size: [depth, height, width] }: ConvolutionShape): number {
  return batch * depth * height * width;
}

function inside(position: number, extent: number): boolean {
  return position >= 0 && position < extent;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

function accumulate(values: Float64Array, index: number, term: number): void {
  values[index] = at(values, index) + term;
}
