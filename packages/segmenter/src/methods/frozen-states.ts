import type { Module, TextState } from '@bipvl/nn';
import type { TensorStore } from '@bipvl/text-encoder';
import * as tf from '@tensorflow/tfjs-core';

/** Ids and mask of a stream of texts, [M, L] each. */
export type StreamTokens = readonly [ids: tf.Tensor, mask: tf.Tensor];

/** Where the states of a frozen encoder are kept beyond a run. */
export interface FrozenStore {
  /** Says which weights and which tokenizer the encoder has, such as their hashes. */
  readonly encoderId: string;
  readonly store: TensorStore;
}

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

  /** The state of a stream; the caller disposes it. */
  recall(stream: string, tokens: StreamTokens, compute: () => TextState): TextState {
    const cause = this.#causeOf(tokens);
    const known = this.#streams.get(stream);
    if (known !== undefined && isSame(known.cause, cause)) return copy(known.state);
    const state = compute();
    this.#keep(stream, cause, state);
    return state;
  }

  /** Takes the state of a stream out of the store, or computes it and puts it there; `recall` has it then. */
  async remember(
    stream: string,
    tokens: StreamTokens,
    compute: () => TextState,
    { encoderId, store }: FrozenStore,
  ): Promise<void> {
    const cause = this.#causeOf(tokens);
    const key = JSON.stringify([encoderId, stream, cause.tokens]);
    const stored = await store.recall(key);
    const [ids, mask] = tokens;
    if (stored?.data instanceof Float32Array && isFor(stored.shape, ids.shape)) {
      const state = { tokens: tf.tensor(stored.data, [...stored.shape]), mask: tf.cast(mask, 'float32') };
      this.#keep(stream, cause, state);
      tf.dispose(state);
      return;
    }
    const state = this.recall(stream, tokens, compute);
    const data = Float32Array.from(await state.tokens.data());
    await store.keep(key, { dtype: 'F32', shape: state.tokens.shape, data });
    tf.dispose(state);
  }

  dispose(): void {
    for (const { state } of this.#streams.values()) tf.dispose(state);
    this.#streams.clear();
  }

  #keep(stream: string, cause: Cause, state: TextState): void {
    tf.dispose(this.#streams.get(stream)?.state);
    const { tokens, mask } = copy(state);
    this.#streams.set(stream, { cause, state: { tokens: tf.keep(tokens), mask: tf.keep(mask) } });
  }

  /** An assigned variable holds another value object. */
  #causeOf([ids, mask]: StreamTokens): Cause {
    const values = [...this.#encoder.state().values()].map(({ dataId }) => dataId);
    return { tokens: `${ids.shape}:${ids.dataSync()}:${mask.dataSync()}`, values };
  }
}

function isSame(one: Cause, other: Cause): boolean {
  return one.tokens === other.tokens && one.values.every((value, place) => value === other.values[place]);
}

/** States [M, L, H] of texts [M, L]. */
function isFor(state: readonly number[], texts: readonly number[]): boolean {
  return state.length === 3 && state[0] === texts[0] && state[1] === texts[1];
}

function copy({ tokens, mask }: TextState): TextState {
  return { tokens: tf.clone(tokens), mask: tf.clone(mask) };
}
