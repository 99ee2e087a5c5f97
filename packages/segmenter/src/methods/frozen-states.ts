import type { Module, TextState } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** What states follow from: the tokens, and the values that the encoder's variables hold. */
interface Cause {
  readonly tokens: string;
  readonly values: readonly object[];
}

interface Kept {
  readonly cause: Cause;
  readonly state: TextState;
}

/** States of an encoder that does not learn: each stream is computed once, and again only when its texts or the weights are others. */
export class FrozenStates {
  readonly #encoder: Module;
  readonly #streams = new Map<string, Kept>();

  constructor(encoder: Module) {
    this.#encoder = encoder;
  }

  /** The state of a stream for these ids and mask [M, L]; the caller disposes it. */
  recall(stream: string, [ids, mask]: readonly [tf.Tensor, tf.Tensor], compute: () => TextState): TextState {
    const cause = { tokens: `${ids.shape}:${ids.dataSync()}:${mask.dataSync()}`, values: this.#values() };
    const known = this.#streams.get(stream);
    if (known !== undefined && isSame(known.cause, cause)) return copy(known.state);
    tf.dispose(known?.state);
    const state = compute();
    this.#streams.set(stream, { cause, state: keep(state) });
    return state;
  }

  dispose(): void {
    for (const { state } of this.#streams.values()) tf.dispose(state);
    this.#streams.clear();
  }

  /** An assigned variable holds another value object. */
  #values(): object[] {
    return [...this.#encoder.state().values()].map(({ dataId }) => dataId);
  }
}

function isSame(one: Cause, other: Cause): boolean {
  return one.tokens === other.tokens && one.values.every((value, place) => value === other.values[place]);
}

function copy({ tokens, mask }: TextState): TextState {
  return { tokens: tf.clone(tokens), mask: tf.clone(mask) };
}

function keep(state: TextState): TextState {
  const { tokens, mask } = copy(state);
  return { tokens: tf.keep(tokens), mask: tf.keep(mask) };
}
