import { isTypedError } from '@bipvl/engine/command-line';
import { EvaluatorError } from './errors.js';

/** Runs a step for one file or case: an error that does not name it yet begins with `name`. */
export async function naming<T>(name: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!isTypedError(error) || error.message.includes(name)) throw error;
    const { code, kind, hint } = error;
    throw new EvaluatorError(code, `${name}: ${error.message}`, { kind, hint, cause: error });
  }
}
