import { isTypedError, TypedError } from '@bipvl/engine/command-line';

/** An error of the demonstration: one line of what was expected and what came, and how to mend it. */
export class DemoError extends TypedError {
  override readonly name = 'DemoError';

  static isInstance(value: unknown): value is DemoError {
    return isTypedError(value) && value.name === 'DemoError';
  }
}
