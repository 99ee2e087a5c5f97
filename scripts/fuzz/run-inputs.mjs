import { ConceptError } from '../../packages/concepts/dist/index.js';
import { PreprocessError } from '../../packages/preprocess/dist/index.js';
import { randomOf } from './random.mjs';

/**
 * Runs a target on the inputs `from` to below `to` of a seed. Resolves to the number of refusals and, at the first error
 * that is not typed, to the failure; input `index` of a seed is always the same.
 * @param {typeof import('./targets.mjs').TARGETS[number]} target
 * @param {{ seed: number, from: number, to: number }} range
 * @param {(input: Uint8Array | string, index: number) => void} onInput called before each input is run
 */
export async function runInputs(target, { seed, from, to }, onInput) {
  let refused = 0;
  for (let index = from; index < to; index += 1) {
    const input = target.input(randomOf(seed, index));
    onInput(input, index);
    try {
      const outcome = target.run(input);
      if (outcome instanceof Promise) await outcome;
    } catch (error) {
      if (!PreprocessError.isInstance(error) && !ConceptError.isInstance(error))
        return { refused, failure: { index, input, reason: reasonOf(error) } };
      refused += 1;
    }
  }
  return { refused };
}

function reasonOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
