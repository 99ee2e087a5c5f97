// Times the CT augmentation (shift, then rotation and scale in one resampling) of a 96^3 patch, image and label.
//   node bench/augment.mjs [--repetitions N] [--side N] [--peer PYTHON]
// Both sides run in a process of their own, warmed up, and take turns patch by patch. The peer is PYTHON with MONAI, on
// bench/peers/augment_monai.py.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AUGMENTATION_PRESETS, augmentPatch, seededRandom } from '../packages/preprocess/dist/index.js';
import { answer, contender, printRounds, takeTurns } from './take-turns.mjs';

const { values: options } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '21' },
    side: { type: 'string', default: '96' },
    peer: { type: 'string' },
    answer: { type: 'boolean', default: false },
  },
});
const side = Number(options.side);
const repetitions = Number(options.repetitions);

if (options.answer) await augmentPatches();
else await compare();

async function augmentPatches() {
  const random = seededRandom(1);
  const count = side ** 3;
  const patch = {
    image: Float32Array.from({ length: count }, () => random()),
    label: Uint8Array.from({ length: count }, () => Math.floor(4 * random())),
    size: [side, side, side],
    channels: 1,
    offset: [0, 0, 0],
  };
  await answer(() => augmentPatch(patch, AUGMENTATION_PRESETS.ct, random));
}

async function compare() {
  const threads = String(availableParallelism());
  const ours = contender(process.execPath, [
    fileURLToPath(import.meta.url),
    '--answer',
    '--side',
    options.side,
  ]);
  const script = fileURLToPath(new URL('peers/augment_monai.py', import.meta.url));
  const theirs = options.peer && contender(options.peer, [script, options.side, threads]);
  const rounds = await takeTurns(ours, theirs, { warmUp: 10, repetitions });
  console.log(`CT augmentation of ${side}^3, image and label, median of ${repetitions} in turns`);
  printRounds(rounds, `MONAI, ${threads} threads`);
}
