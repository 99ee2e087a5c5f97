/**
 * How close is close enough: `atol` bounds the largest difference, `rel_l2` the relative Euclidean distance.
 */
export interface Tolerance {
  readonly atol: number;
  readonly rel_l2?: number;
  /**
   * Gradients between `rel_l2` and this are inconclusive: a ReLU argument within rounding of zero may take
   * the other slope.
   */
  readonly rel_l2_hard?: number;
}

/** How far two tensors are apart, and what that means. */
export interface Comparison {
  readonly verdict: 'equal' | 'inconclusive' | 'different';
  readonly maxAbsolute: number;
  readonly relativeL2: number;
  /** One line with both distances and what was allowed. */
  readonly message: string;
}

/** Compares an output: both bounds must hold. */
export function compare(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): Comparison {
  const distance = measure(actual, expected);
  const near =
    distance.maxAbsolute <= tolerance.atol && distance.relativeL2 <= (tolerance.rel_l2 ?? Infinity);
  return report(near ? 'equal' : 'different', distance, tolerance);
}

/**
 * Compares a gradient: the relative distance decides, the absolute one only where no relative bound is given.
 */
export function compareGradient(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): Comparison {
  if (tolerance.rel_l2 === undefined) return compare(actual, expected, tolerance);
  const distance = measure(actual, expected);
  const hard = tolerance.rel_l2_hard ?? tolerance.rel_l2;
  if (distance.relativeL2 <= tolerance.rel_l2) return report('equal', distance, tolerance);
  return report(distance.relativeL2 <= hard ? 'inconclusive' : 'different', distance, tolerance);
}

interface Distance {
  readonly maxAbsolute: number;
  readonly relativeL2: number;
}

function measure(actual: ArrayLike<number>, expected: ArrayLike<number>): Distance {
  if (actual.length !== expected.length) return { maxAbsolute: Infinity, relativeL2: Infinity };
  let maxAbsolute = 0;
  let squaredError = 0;
  let squaredNorm = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = actual[i] === expected[i] ? 0 : Math.abs(Number(actual[i]) - Number(expected[i]));
    // Math.max carries a NaN on, so that it can never pass.
    maxAbsolute = Math.max(maxAbsolute, error);
    squaredError += error * error;
    squaredNorm += Number(expected[i]) ** 2;
  }
  return { maxAbsolute, relativeL2: squaredError === 0 ? 0 : Math.sqrt(squaredError / squaredNorm) };
}

function report(verdict: Comparison['verdict'], distance: Distance, tolerance: Tolerance): Comparison {
  const { maxAbsolute, relativeL2 } = distance;
  const allowed = `atol ${tolerance.atol}, rel_l2 ${tolerance.rel_l2 ?? 'none'}, hard ${tolerance.rel_l2_hard ?? 'none'}`;
  const message = `${verdict}: largest difference ${maxAbsolute.toExponential(2)}, relative L2 ${relativeL2.toExponential(2)} (${allowed})`;
  return { verdict, ...distance, message };
}
