import { isTypedError, TypedError } from './command-line/typed-error.js';

/** Every failure of this package: a one-line message, a stable `code`, and a `hint` that says how to mend it. */
export class EngineError extends TypedError {
  override readonly name = 'EngineError';

  static isInstance(value: unknown): value is EngineError {
    return isTypedError(value) && value.name === 'EngineError';
  }
}
