// Reads every file of a corpus (argument: its folder) and prints what each cost as JSON. A process of its own, started with
// --expose-gc, so that nothing but the readers takes time and memory.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  decodeMetaImage,
  decodeNifti,
  decodeNrrd,
  encodeNifti,
  PreprocessError,
  parseRecipe,
} from '../../packages/preprocess/dist/index.js';
import { readDataset, readVolume, writeVolume } from '../../packages/preprocess/dist/node/index.js';
import { startSampler } from './memory-sampler.mjs';

const ATTEMPTS = 3;
const UNHURRIED_MILLISECONDS = 25;
const WARM_UPS = 20;

const readers = {
  scan: (path) => () => readVolume(path),
  dataset: (path) => () => readDataset(path),
  recipe: (path) => {
    const value = JSON.parse(readFileSync(path, 'utf8'));
    return async () => parseRecipe(value);
  },
};

const [folder] = process.argv.slice(2);
const corpus = JSON.parse(readFileSync(join(folder, 'corpus.json'), 'utf8'));

const sampler = await startSampler();
await warmUp();
const results = [];
for (const entry of corpus) results.push(...(await measureEntry(entry)));
sampler.stop();
process.stdout.write(JSON.stringify(results));

/** Compiles the readers and loads what they load late, so that the first hostile file does not pay for it. */
async function warmUp() {
  const volume = {
    data: new Int16Array(60),
    shape: [3, 4, 5],
    channels: 1,
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  const bytes = encodeNifti(volume);
  for (const name of ['good.nii', 'good.nii.gz']) await writeVolume(join(folder, name), volume);
  for (let time = 0; time < WARM_UPS; time += 1) {
    for (const name of ['good.nii', 'good.nii.gz']) await readVolume(join(folder, name));
    for (const file of [bytes, gzipSync(bytes), bytes.subarray(0, 300)])
      await decodeNifti(file).catch(() => undefined);
    await readDataset(join(folder, 'nowhere')).catch(() => undefined);
    parseRecipe({});
  }
}

function decoderOf(name) {
  if (name.endsWith('.nrrd')) return decodeNrrd;
  return name.endsWith('.mha') ? decodeMetaImage : decodeNifti;
}

async function measureEntry(entry) {
  const path = join(folder, entry.name);
  const ways = { [entry.reader]: readers[entry.reader](path) };
  if (entry.inMemory) {
    const bytes = readFileSync(path);
    ways.memory = () => decoderOf(entry.name)(bytes, entry.name);
  }
  const measured = [];
  for (const [way, read] of Object.entries(ways)) measured.push(await measure(entry, way, read));
  return measured;
}

/** Reads once, and twice more where that was slow: the median counts, since other programs run on this machine too. */
async function measure(entry, way, read) {
  const times = [];
  let [outcome, heldBytes, grownBytes] = [null, 0, 0];
  do {
    global.gc({ type: 'minor' });
    const before = process.memoryUsage();
    sampler.restart();
    const start = performance.now();
    outcome = await outcomeOf(read);
    times.push(performance.now() - start);
    heldBytes = Math.max(heldBytes, process.memoryUsage().arrayBuffers - before.arrayBuffers);
    grownBytes = Math.max(grownBytes, sampler.peak() - before.rss);
  } while (times[0] > UNHURRIED_MILLISECONDS && times.length < ATTEMPTS);
  const milliseconds = times.sort((a, b) => a - b)[times.length >> 1];
  return { name: entry.name, way, codes: entry.codes, outcome, milliseconds, heldBytes, grownBytes };
}

/** The code of the typed error, null where the file was read, and the text of any other error. */
async function outcomeOf(read) {
  try {
    await read();
    return null;
  } catch (error) {
    return PreprocessError.isInstance(error) ? error.code : `untyped: ${error}`;
  }
}
