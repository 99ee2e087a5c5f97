import { Worker } from 'node:worker_threads';
import { COUNT, INDEX, LENGTH, sharedInput } from './shared-input.mjs';

// An input may take a second; the rest is for a machine that does other work.
const LONGEST_SILENCE_MILLISECONDS = 5000;
const LOOK_EVERY_MILLISECONDS = 500;

/** A thread that parses, watched by this one: an input that takes more than 5 seconds is reported as a hang. */
export function watchedWorker() {
  const shared = sharedInput();
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: shared });
  return {
    /** Runs inputs of a target; resolves to `runInputs`'s result. */
    run: (request) => watched(worker, shared, request),
    stop: () => worker.terminate(),
  };
}

function watched(worker, { state, bytes }, request) {
  return new Promise((resolve) => {
    let [count, since] = [Atomics.load(state, COUNT), performance.now()];
    const fail = (reason) =>
      end({ refused: 0, failure: { index: Atomics.load(state, INDEX), input: bytes.slice(0, Atomics.load(state, LENGTH)), reason } }); // biome-ignore format: one value
    const look = setInterval(() => {
      const now = Atomics.load(state, COUNT);
      if (now !== count) [count, since] = [now, performance.now()];
      else if (performance.now() - since > LONGEST_SILENCE_MILLISECONDS) fail('it hangs');
    }, LOOK_EVERY_MILLISECONDS);
    const died = (error) => fail(`the thread died: ${error?.stack ?? error}`);
    const end = (result) => {
      clearInterval(look);
      worker.off('message', end).off('error', died).off('exit', died);
      resolve(result);
    };
    worker.on('message', end).on('error', died).on('exit', died);
    worker.postMessage(request);
  });
}
