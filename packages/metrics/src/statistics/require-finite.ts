import { MetricsError } from '../errors.js';

/** Throws `MetricsError` `not-finite` when a value is NaN or infinite: no such value may enter a mean. */
export function requireFinite(values: ArrayLike<number>, name: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new MetricsError('not-finite', `${name} contains ${values[i]}: expected finite numbers or null`, {
      kind: 'numeric',
      hint: 'give null where a metric is undefined',
    });
  }
}
