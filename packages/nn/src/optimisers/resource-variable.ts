import * as tf from '@tensorflow/tfjs-core';

interface NativeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeSingleOutput(name: string, attributes: readonly unknown[], inputs: readonly tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly unknown[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/** The name by which TensorFlow makes a variable that lives as long as its handle. */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/**
 * A float32 vector inside TensorFlow that its own training operations update in place; native backend only.
 * What `read` returned stays as it was: TensorFlow copies a buffer that someone else still holds before it
 * writes.
 */
export class ResourceVariable {
  readonly handle: tf.Tensor;

  constructor(length: number) {
    const { TF_ATTR_SHAPE, TF_ATTR_STRING } = backend().binding;
    const attributes = [
      floats('dtype'),
      { name: 'shape', type: TF_ATTR_SHAPE, value: [length] },
      { name: 'container', type: TF_ATTR_STRING, value: '' },
      { name: 'shared_name', type: TF_ATTR_STRING, value: anonymous },
    ];
    this.handle = tf.keep(backend().executeSingleOutput('VarHandleOp', attributes, []));
  }

  assign(value: tf.Tensor1D): void {
    backend().executeMultipleOutputs('AssignVariableOp', [floats('dtype')], [this.handle, value], 0);
  }

  read(): tf.Tensor1D {
    return backend().executeSingleOutput('ReadVariableOp', [floats('dtype')], [this.handle]) as tf.Tensor1D;
  }

  dispose(): void {
    this.handle.dispose();
  }
}

/** Runs one of TensorFlow's training operations, which take variables first and return nothing. */
export function runOnVariables(
  name: string,
  variables: readonly ResourceVariable[],
  inputs: readonly tf.Tensor[],
): void {
  const { TF_ATTR_BOOL } = backend().binding;
  const attributes = ['use_locking', 'use_nesterov'].map((key) => ({
    name: key,
    type: TF_ATTR_BOOL,
    value: false,
  }));
  const handles = variables.map((variable) => variable.handle);
  backend().executeMultipleOutputs(name, [floats('T'), ...attributes], [...handles, ...inputs], 0);
}

function floats(name: string): { name: string; type: number | undefined; value: number | undefined } {
  const { TF_ATTR_TYPE, TF_FLOAT } = backend().binding;
  return { name, type: TF_ATTR_TYPE, value: TF_FLOAT };
}

function backend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}
