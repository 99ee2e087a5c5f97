/** Voxels from the centre at which the kernel ends, in standard deviations. */
const TRUNCATION = 4;

/** The weights of a Gaussian, `2 * floor(4 * sigma + 0.5) + 1` of them, summing to 1; sigma in voxels. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.floor(TRUNCATION * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    i === radius ? 1 : Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}
