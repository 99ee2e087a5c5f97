import * as tf from '@tensorflow/tfjs-core';
import { isNative } from '../kernels/native.js';
import { CompositeAdam } from './composite-adam.js';
import { flatten, unflatten } from './flat.js';
import type { AdamConstants, AdamRates, FlatAdam } from './flat-adam.js';
import { NativeAdam } from './native-adam.js';

/** Parameters that share their weight decay, updated together as one vector. */
export class ParameterGroup {
  readonly names: readonly string[];
  readonly #variables: readonly tf.Variable[];
  readonly #weightDecay: number;
  readonly #adam: FlatAdam;
  #packed: { readonly vector: tf.Tensor1D; readonly contents: readonly object[] } | undefined;

  constructor(parameters: ReadonlyMap<string, tf.Variable>, weightDecay: number, constants: AdamConstants) {
    this.names = [...parameters.keys()];
    this.#variables = [...parameters.values()];
    this.#weightDecay = weightDecay;
    const length = this.#variables.reduce((sum, variable) => sum + variable.size, 0);
    this.#adam = isNative() ? new NativeAdam(length, constants) : new CompositeAdam(length, constants);
  }

  get shapes(): readonly (readonly number[])[] {
    return this.#variables.map((variable) => variable.shape);
  }

  /** One step from these gradients, in the order of `names`. */
  step(gradients: readonly tf.Tensor[], learningRate: number, rates: AdamRates): void {
    const vector = tf.tidy(() => {
      const before = this.#pack();
      const kept = 1 - learningRate * this.#weightDecay;
      const decayed: tf.Tensor1D = kept === 1 ? tf.clone(before) : tf.mul(before, kept);
      return this.#adam.update(decayed, flatten(gradients), rates);
    });
    this.#unpack(vector);
  }

  /** Copies of both moments by the names of the parameters. */
  moments(): { first: Map<string, tf.Tensor>; second: Map<string, tf.Tensor> } {
    const { first, second } = this.#adam.moments();
    const parts = { first: this.#named(first), second: this.#named(second) };
    tf.dispose([first, second]);
    return parts;
  }

  load(first: readonly tf.Tensor[], second: readonly tf.Tensor[]): void {
    tf.tidy(() => this.#adam.load(flatten(first), flatten(second)));
  }

  dispose(): void {
    this.#packed?.vector.dispose();
    this.#adam.dispose();
  }

  /** The parameters as one vector: the last step's where no one has assigned to a parameter since. */
  #pack(): tf.Tensor1D {
    const current = this.#packed?.contents.every(
      (content, index) => this.#variables[index]?.dataId === content,
    );
    return this.#packed && current ? this.#packed.vector : flatten(this.#variables);
  }

  #named(vector: tf.Tensor1D): Map<string, tf.Tensor> {
    const parts = unflatten(vector, this.shapes);
    return new Map(
      this.names.flatMap((name, index) => (parts[index] ? [[name, parts[index]] as const] : [])),
    );
  }

  #unpack(vector: tf.Tensor1D): void {
    const parts = unflatten(vector, this.shapes);
    this.#variables.forEach((variable, index) => {
      const part = parts[index];
      if (part) variable.assign(part as tf.Tensor<tf.Rank>);
    });
    tf.dispose(parts);
    this.#packed?.vector.dispose();
    this.#packed = { vector: tf.keep(vector), contents: this.#variables.map((variable) => variable.dataId) };
  }
}
