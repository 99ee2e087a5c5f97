/**
 * The gradient of a function of float64 values by central differences; the truth a closed-form or automatic
 * gradient is tested against.
 * @param step relative to values of order one
 */
export function numericGradient(
  f: (x: Float64Array) => number,
  x: ArrayLike<number>,
  step = 1e-6,
): Float64Array {
  const point = Float64Array.from(x);
  return point.map((value, index) => {
    point[index] = value + step;
    const above = f(point);
    point[index] = value - step;
    const below = f(point);
    point[index] = value;
    return (above - below) / (2 * step);
  });
}
