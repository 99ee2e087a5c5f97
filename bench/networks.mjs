// Times the networks at SIDE^3, batch 1, against PyTorch: forward in evaluation, and a training step (forward, mean square of
// the output, backward, AdamW). Before that, another process of ours takes the peer's weights and compares outputs.
//   node bench/networks.mjs --peer PYTHON [--networks unet,dynunet] [--modes forward,train] [--side 96] [--repetitions N]
//     [--recompute]
// Each side runs in a process of its own with as many threads, and they take turns step by step. The peer is PYTHON with torch,
// MONAI and dynamic-network-architectures, on bench/peers/networks_torch.py. Peak memory is that of a whole process during a turn.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadEngine } from '../packages/engine/dist/index.js';
import * as nn from '../packages/nn/dist/index.js';
import * as vision from '../packages/vision/dist/index.js';
import { forgetPeak } from './peak-memory.mjs';
import { answer, contender, median, takeTurns } from './take-turns.mjs';

const NETWORKS = {
  unet: [{}, () => vision.monaiUNetTable(5, 2)],
  segresnet: [{ filters: 16, blocksDown: [1, 2, 2, 4] }, () => vision.monaiSegResNetTable([1, 2, 2, 4])],
  dynunet: [{}, () => vision.monaiDynUNetTable(6, false)],
  'nnunet-plain': [{ deepSupervision: false }, () => vision.nnUNetPlainTable(6)],
  'nnunet-residual-encoder': [
    { deepSupervision: false },
    () => vision.nnUNetResidualEncoderTable([1, 2, 2, 2, 2, 2]),
  ],
  'unet-plusplus': [{}, () => vision.monaiUNetPlusPlusTable()],
  mednext: [{}, () => vision.monaiMedNeXtTable(5)],
  unetr: [{}, () => vision.monaiUNETRTable()],
  'swin-unetr': [
    { width: 48, merging: 'legacy-corrected' },
    () => vision.monaiSwinUNETRTable({ window: 7, depths: [2, 2, 2, 2] }),
  ],
};

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string' },
    networks: { type: 'string', default: Object.keys(NETWORKS).join(',') },
    modes: { type: 'string', default: 'forward,train' },
    side: { type: 'string', default: '96' },
    repetitions: { type: 'string', default: '3' },
    recompute: { type: 'boolean', default: false },
    answer: { type: 'string' },
    folder: { type: 'string' },
  },
});
const side = Number(options.side);

if (options.answer) await work(options.answer, options.modes, options.folder);
else await compareAll();

async function work(name, mode, folder) {
  const tf = await loadEngine();
  const [settings] = NETWORKS[name];
  const common = { inputChannels: 1, outputChannels: 16, ...(name === 'unetr' ? { imageSides: side } : {}) };
  const network = vision.createBackbone(name, { ...common, ...settings }, new nn.RandomStream(1));
  if (options.recompute) vision.recomputeStages(network);
  if (mode === 'compare') return answer(() => compareOutputs(tf, name, network, folder));
  const x = tf.randomNormal([1, side, side, side, 1], 0, 1, 'float32', 1);
  globalThis.gc();
  const turn = mode === 'forward' ? forwardOf(tf, network, x) : trainingOf(tf, network, x);
  return answer(() => {
    forgetPeak();
    turn();
  });
}

/** With the peer's weights and input, our output must be the peer's. */
function compareOutputs(tf, name, network, folder) {
  const given = nn.safetensorsToTensors(readFileSync(join(folder, 'peer.safetensors')));
  const theirs = new Map(
    [...given].flatMap(([key, tensor]) => (key.startsWith('param.') ? [[key.slice(6), tensor]] : [])),
  );
  const [, table] = NETWORKS[name];
  nn.loadState(network, nn.mapState(theirs, table(), network.state()));
  const channelsLast = (tensor) => tf.transpose(tensor, [0, 2, 3, 4, 1]);
  const expected = channelsLast(given.get('output'));
  const apart = tf.tidy(() => {
    const { logits } = network.forward(channelsLast(given.get('input')), nn.evaluation());
    const largest = tf.max(tf.abs(tf.sub(logits, expected))).dataSync()[0];
    return largest / tf.max(tf.abs(expected)).dataSync()[0];
  });
  if (!(apart < 1e-3)) throw new Error(`${name}: outputs differ by ${apart} of the largest`);
  process.stderr.write(`${name}: outputs differ by ${apart.toExponential(1)} of the largest\n`);
}

function forwardOf(tf, network, x) {
  return () => {
    tf.tidy(() => {
      network.forward(x, nn.evaluation()).logits.dataSync();
    });
  };
}

function trainingOf(tf, network, x) {
  const parameters = network.parameters();
  const optimiser = new nn.AdamW(parameters, { weightDecay: 1e-5 });
  let step = 0;
  return () => {
    tf.tidy(() => {
      const context = nn.training(0, step++);
      const objective = () => tf.mean(tf.square(network.forward(x, context).logits));
      const { value, gradients } = nn.variableGradients(objective, parameters);
      optimiser.step(gradients, 1e-4);
      value.dataSync();
    });
  };
}

async function compareAll() {
  const threads = String(availableParallelism());
  const repetitions = Number(options.repetitions);
  console.log(`${side}^3, batch 1, ${threads} threads, median of ${repetitions} in turns`);
  console.log('| network | mode | PyTorch | ours | ratio | peak memory, PyTorch | ours |');
  console.log('|---|---|---|---|---|---|---|');
  const ratios = [];
  for (const name of options.networks.split(',')) {
    for (const mode of options.modes.split(',')) ratios.push(await compare(name, mode, threads, repetitions));
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(`geometric mean of the ratios: ${mean.toFixed(2)}`);
}

async function compare(name, mode, threads, repetitions) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-networks-'));
  try {
    const script = fileURLToPath(new URL('peers/networks_torch.py', import.meta.url));
    const theirs = contender(options.peer, [script, name, options.side, mode, threads, folder]);
    await theirs.ask(); // its weights are written before the first answer
    const judge = oursIn('compare', name, folder);
    await judge.ask();
    judge.end();
    const rounds = await takeTurns(oursIn(mode, name, folder), theirs, { warmUp: 1, repetitions });
    return report(name, mode, rounds);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Our side in a process of its own. */
function oursIn(mode, name, folder) {
  const self = [fileURLToPath(import.meta.url), '--answer', name, '--modes', mode];
  const more = options.recompute ? ['--recompute'] : [];
  const given = ['--side', options.side, '--folder', folder, ...more];
  return contender(process.execPath, ['--expose-gc', ...self, ...given]);
}

function report(name, mode, rounds) {
  const time = (of) => `${(median(rounds.map((round) => of(round).ms)) / 1000).toFixed(2)} s`;
  const peak = (of) => `${Math.max(...rounds.map((round) => of(round).peakMb)).toFixed(0)} MB`;
  const ratio = median(rounds.map((round) => round.theirs.ms / round.ours.ms));
  const [theirs, ours] = [(round) => round.theirs, (round) => round.ours];
  const cells = [name, mode, time(theirs), time(ours), ratio.toFixed(2), peak(theirs), peak(ours)];
  console.log(`| ${cells.join(' | ')} |`);
  return ratio;
}
