// Times DSC, HD95 and NSD of 15 labels on label maps of 256x256x128 voxels, and how the time grows with the labels.
//   node bench/metrics.mjs [--repetitions N] [--peer PYTHON] [--plot FILE.svg]
// The peers are PYTHON's surface-distance, MONAI and MedPy, on bench/peers/metrics_*.py. Both sides of a pair run in a
// process of their own, on one thread, warmed up, and take turns at the same label maps; ours follows the peer's
// convention, so that both come to the same scores. --plot draws the growth.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { evaluateCase, macroMean } from '../packages/metrics/dist/index.js';
import { fitLine, measureGrowth } from './metrics/growth.mjs';
import { labelMaps, labels, shape, spacing } from './metrics/label-maps.mjs';
import { answer, contender, printRounds, takeTurns } from './take-turns.mjs';

const { values: options } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '9' },
    peer: { type: 'string' },
    plot: { type: 'string' },
    answer: { type: 'string' },
    convention: { type: 'string', default: 'surface-distance' },
  },
});
const repetitions = Number(options.repetitions);
const peers = [
  {
    name: 'surface-distance',
    convention: 'surface-distance',
    script: 'metrics_surface_distance.py',
    turns: repetitions,
  },
  { name: 'MONAI', convention: 'monai', script: 'metrics_monai.py', turns: Math.ceil(repetitions / 2) },
  { name: 'MedPy', convention: 'medpy', script: 'metrics_medpy.py', turns: Math.ceil(repetitions / 3) },
];

if (options.answer) await evaluateMaps(options.answer);
else await compare();

async function evaluateMaps(folder) {
  const [prediction, reference] = ['prediction', 'reference'].map((name) => readMap(join(folder, name)));
  const { convention } = options;
  await answer(() => evaluateCase(prediction, reference, { shape, spacing, labels, convention }), meansOf);
}

function readMap(path) {
  const { buffer, byteOffset, length } = readFileSync(path);
  return new Uint8Array(buffer, byteOffset, length);
}

function meansOf(result) {
  const mean = (metric) => macroMean(result, metric);
  return { dsc: mean('dsc'), hd95: mean('hd95Mm'), nsd: mean('nsd') };
}

async function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-metrics-'));
  try {
    const { prediction, reference } = labelMaps(1);
    writeFileSync(join(folder, 'prediction'), prediction);
    writeFileSync(join(folder, 'reference'), reference);
    console.log(
      `DSC, HD95 and NSD of ${labels.length} labels on ${shape.join('x')}, one thread each, in turns`,
    );
    if (options.peer === undefined) printRounds(await duel(folder), '', '@bipvl/metrics');
    else for (const peer of peers) await compareWith(peer, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  await compareSizes();
}

async function compareWith(peer, folder) {
  const rounds = await duel(folder, peer);
  console.log(`\n${peer.name}, median of ${peer.turns}`);
  printRounds(rounds, peer.name, '@bipvl/metrics');
  const [{ ours, theirs }] = rounds;
  printMeans('@bipvl/metrics', ours);
  printMeans(peer.name, theirs);
}

function printMeans(name, { dsc, hd95, nsd }) {
  const last = typeof nsd === 'number' ? `, NSD ${nsd.toFixed(6)}` : '';
  console.log(`${name.padEnd(22)} mean DSC ${dsc.toFixed(6)}, HD95 ${hd95.toFixed(5)} mm${last}`);
}

function duel(folder, { script, convention = 'surface-distance', turns = repetitions } = {}) {
  // One thread for BLAS and OpenMP too.
  Object.assign(process.env, { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' });
  const ourWork = [fileURLToPath(import.meta.url), '--answer', folder, '--convention', convention];
  const ours = contender(process.execPath, ourWork);
  const path = fileURLToPath(new URL(`peers/${script}`, import.meta.url));
  const theirs = script && contender(options.peer, [path, folder, shape.join('x'), spacing.join('x')]);
  return takeTurns(ours, theirs, { warmUp: 1, repetitions: turns });
}

async function compareSizes() {
  const points = measureGrowth(repetitions);
  const line = fitLine(points);
  console.log('\ngrowth with the boxes of the labels:');
  for (const { millions, ms } of points) {
    console.log(`${millions.toFixed(2).padStart(6)} million voxels ${ms.toFixed(1).padStart(7)} ms`);
  }
  const [slope, intercept, share] = [line.slope, line.intercept, 100 * line.explained].map((x) =>
    x.toFixed(1),
  );
  console.log(`a line of ${intercept} ms + ${slope} ns a voxel explains ${share} % of the variance`);
  if (options.plot) await drawGrowth(points, line);
}

async function drawGrowth(points, line) {
  const { growthChart } = await import('./metrics/growth-chart.mjs');
  writeFileSync(options.plot, growthChart(points, line));
}
