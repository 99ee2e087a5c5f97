import { parentPort, workerData } from 'node:worker_threads';
import { runInputs } from './run-inputs.mjs';
import { COUNT, INDEX, LENGTH } from './shared-input.mjs';
import { TARGETS } from './targets.mjs';

// Runs what it is asked to, and keeps the current input where the watching thread can read it even when this one hangs.
const { state, bytes } = workerData;

function keep(input, index) {
  const content = typeof input === 'string' ? Buffer.from(input) : input;
  const kept = content.subarray(0, bytes.length);
  bytes.set(kept);
  Atomics.store(state, LENGTH, kept.length);
  Atomics.store(state, INDEX, index);
  Atomics.add(state, COUNT, 1);
}

parentPort.on('message', async ({ name, ...range }) => {
  const target = TARGETS.find((candidate) => candidate.name === name);
  parentPort.postMessage(await runInputs(target, range, keep));
});
