import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { kaimingUniform } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import { matrixProduct } from '../kernels/matrix-product.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';

export interface LinearOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Adds a learned bias. Default true. */
  readonly bias?: boolean;
}

/** y = x W + b over the last axis: [..., inputs] to [..., outputs]. */
export class Linear extends Module {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable | undefined;

  constructor({ inputs, outputs, bias = true }: LinearOptions, random: RandomStream) {
    super();
    this.weight = parameter(kaimingUniform([inputs, outputs], inputs, random.at('weight')));
    this.bias = bias ? parameter(kaimingUniform([outputs], inputs, random.at('bias'))) : undefined;
  }

  /** @throws NetworkError when the last axis of `x` is not `inputs` long. */
  forward(x: tf.Tensor): tf.Tensor {
    const [inputs, outputs] = this.weight.shape as [number, number];
    if (x.shape.at(-1) !== inputs) throw wrongWidth(x, inputs);
    return tf.tidy(() => {
      const product = matrixProduct(
        tf.reshape(x, [-1, inputs]) as tf.Tensor2D,
        this.weight as tf.Tensor as tf.Tensor2D,
      );
      const y = this.bias ? biasAdd(product, this.bias) : product;
      return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
    });
  }
}

function wrongWidth(x: tf.Tensor, inputs: number): NetworkError {
  return new NetworkError('wrong-width', `linear layer expects [..., ${inputs}], received [${x.shape}]`, {
    hint: `give it ${inputs} numbers on the last axis, or build it with inputs ${x.shape.at(-1)}`,
  });
}
