import { isTypedError, TypedError } from '@bipvl/engine/command-line';

/** An error of a training run: one line of what was expected and what came, and how to mend it. */
export class TrainerError extends TypedError {
  override readonly name = 'TrainerError';

  static isInstance(value: unknown): value is TrainerError {
    return isTypedError(value) && value.name === 'TrainerError';
  }
}
