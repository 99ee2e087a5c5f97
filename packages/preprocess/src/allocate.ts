import { PreprocessError } from './errors.js';

/** Runs `make`, which allocates about `bytes` bytes for the file `name`. Throws `out-of-memory` when there is no room. */
export function allocating<T>(bytes: number, name: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PreprocessError('out-of-memory', `${name}: ${bytes} bytes cannot be allocated`, {
      kind: 'resource',
      hint: 'crop or split the scan, or use a machine with more memory',
      cause,
    });
  }
}
