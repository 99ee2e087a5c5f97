import { isTypedError, TypedError } from '@bipvl/engine/command-line';

/** An error of predicting, evaluating or reporting: one line that names the culprit, and how to mend it. */
export class EvaluatorError extends TypedError {
  override readonly name = 'EvaluatorError';

  static isInstance(value: unknown): value is EvaluatorError {
    return isTypedError(value) && value.name === 'EvaluatorError';
  }
}
