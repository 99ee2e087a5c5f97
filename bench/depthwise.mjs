// Times the depthwise convolution kernel on SIDE^3 x CHANNELS, batch 1, beside one elementwise pass over the same tensor (x + 1):
//   node bench/depthwise.mjs [--peer PYTHON] [--kernels 3x3x3,13x1x1] [--side 48] [--channels 64] [--repetitions 11]
// Forward, and forward with the gradients of input and filter; stride 1, the sides kept, no bias. Everything takes turns in one process; each figure is the
// median of the ratios turn by turn. With --peer, PYTHON with torch does the same in a process of its own with as many threads, on channels-last tensors
// (bench/peers/depthwise_torch.py), a turn of ours and a turn of theirs.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadEngine } from '../packages/engine/dist/index.js';
import { convolveDepthwise } from '../packages/nn/dist/index.js';
import { contender, median } from './take-turns.mjs';

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string' },
    kernels: { type: 'string', default: '3x3x3,5x5x5,7x7x7,13x1x1,1x13x1,1x1x13' },
    side: { type: 'string', default: '48' },
    channels: { type: 'string', default: '64' },
    repetitions: { type: 'string', default: '11' },
  },
});
const [side, channels, repetitions] = [options.side, options.channels, options.repetitions].map(Number);
const modes = ['forward', 'gradients'];
const warmUp = 2;

const tf = await loadEngine();
const shape = [1, side, side, side, channels];
const [x, dy] = [1, 2].map((seed) => tf.randomNormal(shape, 0, 1, 'float32', seed));
console.log(`[${shape}], ${availableParallelism()} threads, medians of ${repetitions} turns`);
const theirs = options.peer ? ' PyTorch, ms | PyTorch over ours |' : '';
console.log(`| kernel | mode | ms | times an elementwise pass |${theirs}`);
console.log(`|---|---|---|---|${options.peer ? '---|---|' : ''}`);
for (const kernel of options.kernels.split(',')) {
  for (const mode of modes) await compare(kernel, mode);
}

async function compare(kernel, mode) {
  const sides = kernel.split('x').map(Number);
  const filter = tf.randomNormal([...sides, 1, channels], 0, 1, 'float32', 3);
  const padding = sides.map((each) => each >> 1);
  const convolve = (image, weights) => convolveDepthwise(image, weights, 1, padding);
  const differentiate = tf.grads(convolve);
  const work = {
    forward: () => [convolve(x, filter)],
    // `tf.grads` runs the forward pass too.
    gradients: () => differentiate([x, filter], dy),
  }[mode];
  const script = fileURLToPath(new URL('peers/depthwise_torch.py', import.meta.url));
  const sizes = [kernel, mode, options.side, options.channels, String(availableParallelism())];
  const peer = options.peer ? contender(options.peer, [script, ...sizes]) : undefined;
  const rounds = [];
  for (let turn = 0; turn < warmUp + repetitions; turn++) {
    const round = { pass: timed(() => [tf.add(x, 1)]), ours: timed(work), theirs: (await peer?.ask())?.ms };
    if (turn >= warmUp) rounds.push(round);
  }
  peer?.end();
  filter.dispose();
  report(kernel, mode, rounds);
}

/** Milliseconds until the results are there; one number of each is read. */
function timed(work) {
  const start = performance.now();
  tf.tidy(() => {
    for (const result of work()) tf.slice(tf.reshape(result, [-1]), [0], [1]).dataSync();
  });
  return performance.now() - start;
}

function report(kernel, mode, rounds) {
  const of = (figure) => median(rounds.map(figure)).toFixed(1);
  const cells = [kernel, mode, of(({ ours }) => ours), of(({ ours, pass }) => ours / pass)];
  if (options.peer)
    cells.push(
      of((round) => round.theirs),
      of((round) => round.theirs / round.ours),
    );
  console.log(`| ${cells.join(' | ')} |`);
}
