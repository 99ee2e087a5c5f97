// Times DSC + HD95 + NSD of 15 labels on label maps of 256x256x128 voxels, and how the time grows with the labels.
//   node bench/metrics.mjs [--repetitions N] [--peer PYTHON --peer-script bench_metrics.py [--peer-library deepmind]]
// With a peer, the same label maps are written as NIfTI to a temporary folder and the script is run on them as
//   PYTHON bench_metrics.py --data FOLDER --lib LIBRARY --reps N --threads 1
// and must print one line of JSON with `median_s`, `peak_rss_mb` and `mean: { dice, hd95, nsd }`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { evaluateCase, seededRandom } from '../packages/metrics/dist/index.js';

const shape = [256, 256, 128];
const spacing = [1.5, 1.5, 2];
const labels = Array.from({ length: 15 }, (_, index) => ({ id: index + 1, name: `organ ${index + 1}` }));
const { values: options } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '5' },
    peer: { type: 'string' },
    'peer-script': { type: 'string' },
    'peer-library': { type: 'string', default: 'deepmind' },
  },
});
const repetitions = Number(options.repetitions);

/** Rough ellipsoids with radii scaled by `size`; the prediction's are displaced and of another roughness. */
function labelMaps(size) {
  const random = seededRandom(7);
  const between = (low, high) => low + (high - low) * random();
  const reference = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const prediction = new Uint8Array(reference.length);
  for (const { id } of labels) {
    const centre = [between(40, 216), between(40, 216), between(25, 103)];
    const radii = [between(8, 34) * size, between(8, 34) * size, between(6, 24) * size];
    paint(reference, id, centre, radii, 0.9);
    const moved = centre.map((coordinate) => coordinate + between(-2, 2));
    paint(
      prediction,
      id,
      moved,
      radii.map((radius) => radius * between(0.92, 1.08)),
      1.1,
    );
  }
  return { prediction, reference };
}

function paint(map, id, centre, radii, roughness) {
  const [start, end] = [-1.3, 1.3].map((side) =>
    centre.map((c, axis) => Math.min(shape[axis], Math.max(0, Math.ceil(c + side * radii[axis])))),
  );
  for (let d = start[0]; d < end[0]; d++) {
    for (let h = start[1]; h < end[1]; h++) {
      for (let w = start[2]; w < end[2]; w++) {
        const squares = [d, h, w].map((x, axis) => ((x - centre[axis]) / radii[axis]) ** 2);
        const rough = 0.2 * Math.sin(d * roughness) * Math.sin(h * roughness) * Math.sin(w * roughness);
        const voxel = (d * shape[1] + h) * shape[2] + w;
        if (squares[0] + squares[1] + squares[2] + rough < 1 && map[voxel] === 0) map[voxel] = id;
      }
    }
  }
}

/** Voxels of the boxes around the labels, prediction and reference together. */
function boxVoxels({ prediction, reference }) {
  const boxes = labels.map(() => ({ low: [Infinity, Infinity, Infinity], high: [-1, -1, -1] }));
  for (let voxel = 0; voxel < prediction.length; voxel++) {
    for (const id of [prediction[voxel], reference[voxel]]) {
      if (id === 0) continue;
      const place = [
        Math.floor(voxel / (shape[1] * shape[2])),
        Math.floor(voxel / shape[2]) % shape[1],
        voxel % shape[2],
      ];
      const { low, high } = boxes[id - 1];
      for (const axis of [0, 1, 2]) {
        low[axis] = Math.min(low[axis], place[axis]);
        high[axis] = Math.max(high[axis], place[axis]);
      }
    }
  }
  return boxes.reduce(
    (sum, { low, high }) =>
      sum + high.reduce((size, end, axis) => size * Math.max(0, end - low[axis] + 1), 1),
    0,
  );
}

function time({ prediction, reference }, convention) {
  const run = () => evaluateCase(prediction, reference, { shape, spacing, labels, convention });
  const result = run();
  const seconds = Array.from({ length: repetitions }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  }).sort((a, b) => a - b);
  const mean = (key) => result.labels.reduce((sum, label) => sum + label[key], 0) / labels.length;
  return { seconds: seconds[repetitions >> 1], dice: mean('dsc'), hd95: mean('hd95Mm'), nsd: mean('nsd') };
}

/** The label map as NIfTI-1, uint8: the first axis is the fastest on disk. */
function nifti(map) {
  const bytes = Buffer.alloc(352 + map.length);
  bytes.writeInt32LE(348, 0);
  for (const [index, value] of [3, ...shape, 1, 1, 1, 1].entries()) bytes.writeInt16LE(value, 40 + 2 * index);
  bytes.writeInt16LE(2, 70);
  bytes.writeInt16LE(8, 72);
  for (const [index, value] of [1, ...spacing].entries()) bytes.writeFloatLE(value, 76 + 4 * index);
  bytes.writeFloatLE(352, 108);
  bytes.write('n+1\0', 344, 'latin1');
  for (let voxel = 0, d = 0; d < shape[0]; d++) {
    for (let h = 0; h < shape[1]; h++) {
      for (let w = 0; w < shape[2]; w++) bytes[352 + d + shape[0] * (h + shape[1] * w)] = map[voxel++];
    }
  }
  return gzipSync(bytes, { level: 1 });
}

function timePeer({ prediction, reference }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-metrics-'));
  try {
    writeFileSync(join(folder, 'gt.nii.gz'), nifti(reference));
    writeFileSync(join(folder, 'pred.nii.gz'), nifti(prediction));
    const script = [options['peer-script'], '--data', folder, '--lib', options['peer-library']];
    const counts = ['--reps', options.repetitions, '--threads', '1'];
    return JSON.parse(execFileSync(options.peer, [...script, ...counts], { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const row = (name, { seconds, dice, hd95, nsd }) =>
  console.log(
    `${name.padEnd(28)} ${seconds.toFixed(3)} s   DSC ${dice.toFixed(6)}  HD95 ${hd95.toFixed(5)} mm  NSD ${nsd.toFixed(6)}`,
  );

const maps = labelMaps(1);
const residentBefore = process.resourceUsage().maxRSS;
console.log(`15 labels on ${shape.join('x')}, median of ${repetitions}`);
const ours = time(maps, 'surface-distance');
row('@bipvl/metrics', ours);
console.log(
  `peak memory over the inputs: ${((process.resourceUsage().maxRSS - residentBefore) / 1024).toFixed(0)} MB`,
);
if (options.peer && options['peer-script']) {
  const { median_s: seconds, mean } = timePeer(maps);
  row(options['peer-library'], { seconds, ...mean });
  console.log(`${(seconds / ours.seconds).toFixed(1)} times the speed of ${options['peer-library']}`);
}
console.log('growth with the boxes of the labels:');
for (const size of [0.5, 0.8, 1.1, 1.4, 1.7]) {
  const sized = labelMaps(size);
  const voxels = boxVoxels(sized);
  const { seconds } = time(sized, 'surface-distance');
  const each = ((seconds / voxels) * 1e9).toFixed(1);
  console.log(
    `  ${(voxels / 1e6).toFixed(2).padStart(6)} million voxels  ${seconds.toFixed(3)} s  ${each} ns a voxel`,
  );
}
