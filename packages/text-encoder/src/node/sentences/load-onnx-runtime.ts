import { NetworkError } from '@bipvl/nn';

/** A tensor of the ONNX runtime, as far as this package uses it. */
export interface OnnxTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A loaded ONNX network. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
}

/** The ONNX runtime that `@xenova/transformers` brings. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(path: string): Promise<OnnxSession> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => OnnxTensor;
}

/**
 * Loads the runtime when it is first needed, by the path inside `@xenova/transformers` that needs no sharp.
 * @throws NetworkError `missing-peer` when it, or what it imports, is not installed or does not load.
 */
export async function loadOnnxRuntime(
  load: () => Promise<{ readonly ONNX: OnnxRuntime }> = () =>
    import('@xenova/transformers/src/backends/onnx.js'),
): Promise<OnnxRuntime> {
  try {
    return (await load()).ONNX;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const message = `ONNX encoders need @xenova/transformers, which does not load (${reason})`;
    throw new NetworkError('missing-peer', message, {
      kind: 'resource',
      hint: 'run: npm i @xenova/transformers@2.17.2',
      cause,
    });
  }
}
