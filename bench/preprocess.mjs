// Times the preparation of one CT: .nii.gz of 512x512x100 int16 -> RAS, 1.5x1.5x2.0 mm, [-175, 250] HU to [0, 1], cropped
// to the foreground; and orientation changes of a 256^3 float volume against a copy of it.
//   node bench/preprocess.mjs [--repetitions N] [--scan FILE.nii.gz] [--peer PYTHON]
// Both sides run in a process of their own, warmed up, and take turns scan by scan. The peer is PYTHON with MONAI, on
// bench/peers/preprocess_monai.py. Without --scan a synthetic body is written to a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { applyRecipe, orient, parseRecipe, seededRandom } from '../packages/preprocess/dist/index.js';
import { readVolume, writeVolume } from '../packages/preprocess/dist/node/index.js';
import { answer, contender, median, printRounds, takeTurns } from './take-turns.mjs';

const { values: options } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '7' },
    scan: { type: 'string' },
    peer: { type: 'string' },
    answer: { type: 'boolean', default: false },
  },
});
const repetitions = Number(options.repetitions);

if (options.answer) await prepareScan(options.scan);
else await compare();

async function prepareScan(path) {
  const recipe = parseRecipe({
    orientation: 'RAS',
    spacing: [1.5, 1.5, 2],
    intensity: { kind: 'window', low: -175, high: 250 },
    crop: { threshold: 0 },
  });
  await answer(async () => applyRecipe(await readVolume(path), recipe));
}

async function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-preprocess-'));
  try {
    const scan = options.scan ?? (await writeScan(join(folder, 'ct.nii.gz')));
    const threads = String(availableParallelism());
    const ours = contender(process.execPath, [fileURLToPath(import.meta.url), '--answer', '--scan', scan]);
    const script = fileURLToPath(new URL('peers/preprocess_monai.py', import.meta.url));
    const theirs = options.peer && contender(options.peer, [script, scan, threads]);
    const rounds = await takeTurns(ours, theirs, { warmUp: 2, repetitions });
    console.log(`read, RAS, 1.5x1.5x2 mm, window, crop; median of ${repetitions} in turns`);
    printRounds(rounds, `MONAI, ${threads} threads`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  timeOrientations();
}

/** A body of soft tissue with a spine in air, with noise: 512x512x100 int16, LPS, 0.79x0.79x2.5 mm. */
async function writeScan(path) {
  const shape = [512, 512, 100];
  const random = seededRandom(7);
  const data = new Int16Array(512 * 512 * 100);
  for (let d = 0, voxel = 0; d < 512; d++) {
    for (let h = 0; h < 512; h++) {
      const distance = ((d - 256) / 200) ** 2 + ((h - 256) / 150) ** 2;
      const tissue = distance < 0.02 ? 600 : distance < 1 ? 40 : -1000;
      for (let w = 0; w < 100; w++, voxel++) data[voxel] = tissue + 24 * (random() + random() - 1);
    }
  }
  const affine = [-0.79, 0, 0, 200, 0, -0.79, 0, 190, 0, 0, 2.5, -300, 0, 0, 0, 1];
  await writeVolume(path, { data, shape, channels: 1, affine });
  return path;
}

function timeOrientations() {
  const side = 256;
  const data = Float32Array.from({ length: side ** 3 }, (_, i) => i);
  const volume = {
    data,
    shape: [side, side, side],
    channels: 1,
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  const time = (work) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  console.log(`orientation of ${side}^3 float32 against one copy, median of ${repetitions} ratios in turns`);
  for (const code of ['LPS', 'LAS', 'RAI', 'ARS', 'SAR', 'PIR']) {
    const turns = Array.from({ length: repetitions + 2 }, () => ({
      copy: time(() => data.slice()),
      ours: time(() => orient(volume, code)),
    })).slice(2);
    const ours = median(turns.map((turn) => turn.ours)).toFixed(0);
    const copy = median(turns.map((turn) => turn.copy)).toFixed(0);
    const ratio = median(turns.map((turn) => turn.ours / turn.copy)).toFixed(2);
    console.log(`RAS to ${code}: ${ours.padStart(4)} ms, a copy ${copy.padStart(4)} ms, ratio ${ratio}`);
  }
}
