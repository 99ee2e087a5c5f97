/** Rates of stochastic depth for each block of each stage: from 0 at the first block to `rate` at the last in equal steps (Huang et al. 2016). */
export function dropPathRamp(rate: number, depths: readonly number[]): readonly (readonly number[])[] {
  const blocks = depths.reduce((total, depth) => total + depth, 0);
  const rates = Array.from({ length: blocks }, (_, block) => (rate * block) / Math.max(1, blocks - 1));
  return depths.map((depth) => rates.splice(0, depth));
}
