const LARGEST_INPUT = 2 ** 20;

/** Places in the shared state: length and index of the current input, and how many inputs were begun. */
export const [LENGTH, INDEX, COUNT] = [0, 1, 2];

/** Memory that the worker and the thread which watches it share: the input that is being parsed, and where it stands. */
export function sharedInput() {
  return {
    state: new Int32Array(new SharedArrayBuffer(12)),
    bytes: new Uint8Array(new SharedArrayBuffer(LARGEST_INPUT)),
  };
}
