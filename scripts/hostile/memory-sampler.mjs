import { once } from 'node:events';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const KILOBYTE = 1024;
const EVERY_MILLISECOND = 1;
const [PEAK, WAKE] = [0, 1];

/** Watches the memory of this process from a thread of its own, so that it sees peaks within synchronous work. */
export async function startSampler() {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL(import.meta.url), { workerData: shared });
  await once(worker, 'message');
  return {
    restart: () => Atomics.store(shared, PEAK, 0),
    /** The largest resident size since the restart, in bytes. */
    peak: () => Math.max(Atomics.load(shared, PEAK) * KILOBYTE, process.memoryUsage.rss()),
    stop: () => worker.terminate(),
  };
}

function sample(shared) {
  for (;;) {
    const kilobytes = Math.ceil(process.memoryUsage.rss() / KILOBYTE);
    if (kilobytes > Atomics.load(shared, PEAK)) Atomics.store(shared, PEAK, kilobytes);
    Atomics.wait(shared, WAKE, 0, EVERY_MILLISECOND);
  }
}

if (!isMainThread) {
  const { parentPort } = await import('node:worker_threads');
  parentPort.postMessage('ready');
  sample(workerData);
}
