/** The runtime that `@xenova/transformers` 2.17.2 brings, by the path inside it that needs no sharp; Node's resolution finds no types for it. */
declare module '@xenova/transformers/src/backends/onnx.js' {
  export const ONNX: import('./load-onnx-runtime.js').OnnxRuntime;
}
