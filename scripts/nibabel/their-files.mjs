import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PreprocessError } from '../../packages/preprocess/dist/index.js';
import { readVolume } from '../../packages/preprocess/dist/node/index.js';
import { runPython } from '../python/run-python.mjs';

const AFFINE_TOLERANCE = 1e-12;

/**
 * Lets nibabel write files of every kind and describe them, and those in `shared` as well; one verdict a file: we read the
 * same affine and voxels, or refuse it for the reason that nibabel's description gives.
 */
export async function checkTheirFiles(interpreter, parent, shared) {
  const folder = join(parent, 'theirs');
  mkdirSync(folder);
  const described = await runPython(
    interpreter,
    new URL('describe.py', import.meta.url),
    folder,
    'described.json',
    ...(shared ? [shared] : []),
  );
  const verdicts = [];
  for (const file of described) verdicts.push({ name: file.name, fault: await faultOf(folder, file) });
  return verdicts;
}

async function faultOf(folder, file) {
  const volume = await readVolume(file.path).catch((error) => error);
  if (PreprocessError.isInstance(volume)) return faultOfRefusal(volume, file);
  if (volume instanceof Error) return `untyped error: ${volume}`;
  if (file.reason !== undefined) return `was read, expected a refusal: ${file.reason}`;
  const shape = [...volume.shape, volume.channels];
  if (`${shape}` !== `${file.shape}`) return `shape ${shape}, nibabel has ${file.shape}`;
  const apart = Math.max(...file.affine.map((value, i) => Math.abs(value - volume.affine[i])));
  if (!(apart <= AFFINE_TOLERANCE)) return `affine differs by ${apart}`;
  return faultOfVoxels(volume.data, join(folder, file.raw), file.type);
}

function faultOfRefusal({ code, message }, { reason, codes }) {
  if (reason === undefined) return `refused: ${message}`;
  return codes.includes(code) ? '' : `refused with ${code}, expected ${codes.join(' or ')}: ${reason}`;
}

function faultOfVoxels(data, raw, type) {
  const expected = readFileSync(raw);
  const own = data.constructor.name.replace('Array', '').toLowerCase();
  if (own !== type) return `voxels are ${own}, expected ${type}`;
  const found = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return found.equals(expected) ? '' : 'other voxels than nibabel';
}
