/** Index of an axis: 0, 1 or 2. */
export type Axis = 0 | 1 | 2;

/** The three values of `of` for the axes 0, 1 and 2. */
export function perAxis<T>(of: (axis: Axis) => T): [T, T, T] {
  return [of(0), of(1), of(2)];
}
