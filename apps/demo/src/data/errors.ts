import { isTypedError, TypedError } from '@bipvl/engine/command-line';

/**
 * An error in finding or fetching the demo's scans: one line of what was expected and what came, and how to
 * mend it.
 */
export class DemoDataError extends TypedError {
  override readonly name = 'DemoDataError';

  static isInstance(value: unknown): value is DemoDataError {
    return isTypedError(value) && value.name === 'DemoDataError';
  }
}
