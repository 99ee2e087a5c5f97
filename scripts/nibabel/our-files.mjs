import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  applyRecipe,
  invertMask,
  ORIENTATION_CODES,
  parseRecipe,
} from '../../packages/preprocess/dist/index.js';
import { readVolume, writeMask, writeVolume } from '../../packages/preprocess/dist/node/index.js';
import { runPython } from '../python/run-python.mjs';

const TURN = 0.31;
const [C, S] = [Math.cos(TURN), Math.sin(TURN)];

/** Rows: the direction of each world axis; then the sides of a voxel along them in mm. */
const GRIDS = {
  isotropic: { directions: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], sides: [1, 1, 1] }, // biome-ignore format: a matrix
  anisotropic: { directions: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], sides: [0.7, 0.85, 2.5] }, // biome-ignore format: a matrix
  oblique: { directions: [[C, S, 0], [-S, C, 0], [0, 0, 1]], sides: [0.9, 1.3, 3.1] }, // biome-ignore format: a matrix
};
const SHAPE = [7, 6, 5];
const RECIPE = parseRecipe({ orientation: 'RAS', spacing: [1.1, 0.8, 1.7] });
const ARRAYS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];

/** Writes scans and masks, and lets nibabel say where it sees something else; one verdict a file. */
export async function checkOurFiles(interpreter, parent) {
  const folder = join(parent, 'ours');
  mkdirSync(folder);
  const files = [...(await writeMasks(folder)), ...(await writeTypes(folder))];
  writeFileSync(join(folder, 'expected.json'), JSON.stringify(files));
  return runPython(interpreter, new URL('verify.py', import.meta.url), folder, 'verdicts.json');
}

/** A scan in each orientation and spacing, and a mask that went to another spacing and came back. */
async function writeMasks(folder) {
  const files = [];
  for (const [grid, { directions, sides }] of Object.entries(GRIDS)) {
    for (const code of ORIENTATION_CODES) {
      const affine = affineOf(code, directions, sides);
      const [scanName, maskName] = [`${grid}-${code}.nii.gz`, `${grid}-${code}-mask.nii.gz`];
      await writeVolume(join(folder, scanName), {
        data: ramp(Int16Array, 1),
        shape: SHAPE,
        channels: 1,
        affine,
      });
      const scan = await readVolume(join(folder, scanName));
      const mask = await maskOf(scan);
      await writeMask(join(folder, maskName), mask);
      const single = affine.map(Math.fround);
      files.push(expectation(folder, scanName, { ...scan, affine: single, code, data: ramp(Int16Array, 1) }));
      files.push({ ...expectation(folder, maskName, { ...mask, affine: single, code }), like: scanName });
    }
  }
  return files;
}

/** The half of the scan with positive values, drawn on the prepared grid, on the grid of the scan. */
async function maskOf(scan) {
  const { volume, trace } = applyRecipe(scan, RECIPE);
  const data = Uint8Array.from(volume.data, (value) => (value > 0 ? 1 : 0));
  return invertMask({ ...volume, data }, trace);
}

/** Every voxel type, with one channel and with three, as NIfTI-1, NIfTI-2 and as a pair. */
async function writeTypes(folder) {
  const affine = affineOf('LPI', GRIDS.oblique.directions, GRIDS.oblique.sides);
  const files = [];
  for (const array of ARRAYS) {
    for (const channels of [1, 3]) {
      const volume = { data: ramp(array, channels), shape: SHAPE, channels, affine };
      const stem = `${array.name}-${channels}`;
      await writeVolume(join(folder, `${stem}.nii`), volume);
      const { geometry } = await readVolume(join(folder, `${stem}.nii`));
      await writeVolume(join(folder, `${stem}-2.nii.gz`), {
        ...volume,
        geometry: { ...geometry, version: 2 },
      });
      await writeVolume(join(folder, `${stem}-pair.hdr`), volume);
      const single = { ...volume, affine: affine.map(Math.fround), code: 'LPI' };
      for (const ending of ['.nii', '-2.nii.gz', '-pair.hdr'])
        files.push(expectation(folder, stem + ending, single));
    }
  }
  return files;
}

function expectation(folder, file, { data, shape, channels, affine, code }) {
  writeFileSync(join(folder, `${file}.raw`), data);
  const type = data.constructor.name.replace('Array', '').toLowerCase();
  return { file, type, shape: channels === 1 ? shape : [...shape, channels], affine, code };
}

/** Values that differ from voxel to voxel, negative ones where the type has them. */
function ramp(array, channels) {
  const length = SHAPE[0] * SHAPE[1] * SHAPE[2] * channels;
  const lowest = array.name.startsWith('Uint') ? 0 : -60;
  return array.from({ length }, (_, i) => lowest + (i % 120) + (array.name.startsWith('Float') ? 0.25 : 0));
}

/** The affine of array axes that run as `code` says along `directions`. */
function affineOf(code, directions, sides) {
  const columns = [...code].map((letter) => {
    const axis = ['RL', 'AP', 'SI'].findIndex((pair) => pair.includes(letter));
    const sign = 'RAS'.includes(letter) ? 1 : -1;
    return directions[axis].map((part) => part * sign * sides[axis]);
  });
  const rows = [0, 1, 2].map((row) => [...columns.map((column) => column[row]), [-31.7, 12.3, 88.1][row]]);
  return [...rows.flat(), 0, 0, 0, 1];
}
