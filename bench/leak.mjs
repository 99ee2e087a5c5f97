// Trains a small UNet for many steps and looks for growth: the number of tensors must stay as it is, and the memory of the process
// must not climb. `node bench/leak.mjs [--steps 1000] [--side 32]` prints tensors, resident memory and its slope over the second half.
import { parseArgs } from 'node:util';
import { loadEngine } from '../packages/engine/dist/index.js';
import { AdamW, RandomStream, training, variableGradients } from '../packages/nn/dist/index.js';
import { createUNet } from '../packages/vision/dist/index.js';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '1000' }, side: { type: 'string', default: '32' } },
});
const [steps, side] = [Number(values.steps), Number(values.side)];

const tf = await loadEngine();
const network = createUNet(
  { inputChannels: 1, outputChannels: 3, channels: [8, 16, 32] },
  new RandomStream(1),
);
const parameters = network.parameters();
const optimiser = new AdamW(parameters, { weightDecay: 1e-5 });
const samples = [];
for (let step = 0; step < steps; step++) {
  tf.tidy(() => {
    const image = tf.randomNormal([2, side, side, side, 1]);
    const objective = () => tf.mean(tf.square(network.forward(image, training(0, step)).logits));
    optimiser.step(variableGradients(objective, parameters).gradients, 1e-4);
  });
  if (step % 50 === 49)
    samples.push({ step, tensors: tf.memory().numTensors, mb: process.memoryUsage().rss / 2 ** 20 });
}
const second = samples.slice(samples.length >> 1);
const tensors = new Set(samples.map((sample) => sample.tensors));
console.log(`${steps} steps of a UNet on 2 x ${side}^3: ${[...tensors].join(', ')} tensors`);
console.log(`resident memory ${samples.map(({ mb }) => mb.toFixed(0)).join(' ')} MB`);
console.log(`slope over the second half: ${slope(second).toFixed(4)} MB a step`);
process.exitCode = tensors.size === 1 && slope(second) < 0.1 ? 0 : 1;

/** Least squares. */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(({ step }) => step), mean(({ mb }) => mb)];
  const covariance = mean(({ step, mb }) => (step - x) * (mb - y));
  return covariance / mean(({ step }) => (step - x) ** 2);
}
