import { type NativeCalls, type NativeTensor, watchNative } from './kernels/watch-native.js';
import { product } from './product.js';

/**
 * Counts the multiply-adds of convolutions and matrix products, as the literature counts a network's: one for each pair of numbers that is
 * multiplied and summed, biases, norms and activations left out. Tensors made before the recordings have no shape here: make the network
 * inside one.
 */
export class MultiplicationLedger {
  readonly #shapes = new Map<number, readonly number[]>();
  #count = 0;

  /** Multiply-adds of `run`. @throws NetworkError `no-native-backend` on another backend */
  record(run: () => void): number {
    this.#count = 0;
    watchNative((calls) => this.#watched(calls), run);
    return this.#count;
  }

  #watched(calls: NativeCalls): NativeCalls {
    return {
      executeOp: (name, attributes, inputs, outputCount) => {
        const outputs = calls.executeOp(name, attributes, inputs, outputCount);
        this.#enter(name, inputs, outputs);
        return outputs;
      },
      createTensor: (shape, dtype, values) => {
        const id = calls.createTensor(shape, dtype, values);
        this.#shapes.set(id, [...shape]);
        return id;
      },
      deleteTensor: (id) => {
        this.#shapes.delete(id);
        calls.deleteTensor(id);
      },
    };
  }

  #enter(name: string, inputs: readonly number[], outputs: readonly NativeTensor[]): void {
    for (const { id, shape } of outputs) this.#shapes.set(id, [...shape]);
    const shapes = inputs.map((id) => this.#shapes.get(id) ?? []);
    this.#count += multiplications[name]?.(shapes, outputs[0]?.shape ?? []) ?? 0;
  }
}

type Count = (inputs: readonly (readonly number[])[], output: readonly number[]) => number;

/** Each output number sums over the filter's places and input channels: all of the filter's sides but the last. */
const convolution: Count = ([, filter = []], output) => product(output) * product(filter.slice(0, -1));

/** Each input number is spread over the filter's places and output channels, which the filter has before its last side. */
const transposed: Count = ([, filter = [], spread = []]) => product(spread) * product(filter.slice(0, -1));

const depthwise: Count = ([, filter = []], output) => product(output) * product(filter.slice(0, 2));

const depthwiseTransposed: Count = ([, filter = [], spread = []]) =>
  product(spread) * product(filter.slice(0, 2));

/** [..., m, k] by [..., k, n]: k follows from the first factor's size, transposed or not. */
const matrixProduct: Count = ([first = []], output) =>
  (product(output) * product(first)) / product(output.slice(0, -1));

const multiplications: Readonly<Record<string, Count>> = {
  Conv2D: convolution,
  Conv3D: convolution,
  Conv2DBackpropInput: transposed,
  Conv3DBackpropInputV2: transposed,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropInput: depthwiseTransposed,
  MatMul: matrixProduct,
  BatchMatMul: matrixProduct,
  BatchMatMulV2: matrixProduct,
};
