/** Probability that a standard normal variable lies at least `z` from 0 on either side. */
export function twoSidedTail(z: number): number {
  return complementaryError(Math.abs(z) / Math.SQRT2);
}

/** erfc(x) for x >= 0: its Taylor series near 0, its continued fraction (Lentz's method) beyond 2. */
function complementaryError(x: number): number {
  return x < 2 ? 1 - errorSeries(x) : errorFraction(x);
}

function errorSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function errorFraction(x: number): number {
  let fraction = x;
  let numerator = x;
  let denominator = 0;
  for (let k = 1; k < 200; k++) {
    denominator = 1 / (x + (k / 2) * denominator);
    numerator = x + k / 2 / numerator;
    fraction *= numerator * denominator;
    if (Math.abs(numerator * denominator - 1) < 1e-16) break;
  }
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}
