import { gzipSync } from 'node:zlib';
import { loadConceptSet, parseConceptSet, readReply } from '../../packages/concepts/dist/index.js';
import { readSlices } from '../../packages/preprocess/dist/dicom/read-series.js';
import {
  decodeMetaImage,
  decodeNifti,
  decodeNrrd,
  encodeNifti,
  manifestSchema,
  parseJson,
  parseNifti,
  parseRecipe,
  splitsSchema,
} from '../../packages/preprocess/dist/index.js';
import { HONEST_SLICE } from '../hostile/dicom-files.mjs';
import { HONEST_TEXT_FILES } from '../hostile/text-headers.mjs';
import { JSON_SEEDS } from './json-seeds.mjs';
import { mutateBytes } from './mutate-bytes.mjs';
import { mutateJson } from './mutate-json.mjs';
import { mutateNifti, NIFTI_SEEDS } from './mutate-nifti.mjs';
import { mutateTextHeader } from './mutate-text-header.mjs';

// Voxels are not what is tested: a header that claims more is refused as it would be at the limit of a user.
const READING = { limits: { maxVoxels: 10_000 } };
const FAST = { level: 1 };
const CONCEPTS = loadConceptSet('msd-hippocampus');
const REPLY = { classes: CONCEPTS.classes.map(({ name, concepts }) => ({ name, ...concepts })) };
const COMPRESSED = NIFTI_SEEDS.map((bytes) => gzipSync(bytes));

/**
 * What is fuzzed: `input` makes one input from a random stream, `run` parses it and checks what was accepted. `share` is the
 * part of the inputs that a slow target gets.
 * @type {{ name: string, input: (random: ReturnType<typeof import('./random.mjs').randomOf>) => Uint8Array | string,
 *   run: (input: Uint8Array | string) => unknown, share?: number }[]}
 */
export const TARGETS = [
  { name: 'nifti', input: mutateNifti, run: (bytes) => checkVolume(parseNifti(bytes, 'fuzz', READING)) },
  {
    name: 'nifti-gzip',
    share: 0.2,
    input: (random) =>
      random.once(2) ? gzipSync(mutateNifti(random), FAST) : mutateBytes(random, COMPRESSED),
    run: async (bytes) => checkVolume(await decodeNifti(bytes, 'fuzz', READING)),
  },
  {
    name: 'nrrd',
    input: (random) => mutateTextHeader(random, HONEST_TEXT_FILES.nrrd),
    run: async (bytes) => checkExtent(await decodeNrrd(bytes, 'fuzz', READING)),
  },
  {
    name: 'mha',
    input: (random) => mutateTextHeader(random, HONEST_TEXT_FILES.mha),
    run: async (bytes) => checkExtent(await decodeMetaImage(bytes, 'fuzz', READING)),
  },
  {
    name: 'dicom',
    input: (random) => mutateBytes(random, [HONEST_SLICE]),
    run: async (bytes) => checkExtent(await readSlices([sliceOf(bytes)], 'fuzz', READING, undecodable)),
  },
  {
    name: 'manifest',
    input: (random) => mutateJson(random, JSON_SEEDS.manifest),
    run: (text) => parseJson(text, manifestSchema, 'fuzz'),
  },
  {
    name: 'splits',
    input: (random) => mutateJson(random, JSON_SEEDS.splits),
    run: (text) => parseJson(text, splitsSchema, 'fuzz'),
  },
  {
    name: 'recipe',
    input: (random) => mutateJson(random, JSON_SEEDS.recipe),
    run: (text) => {
      const recipe = parseRecipe(recipeValue(text));
      expectSame(JSON.stringify(parseRecipe(recipe)), JSON.stringify(recipe), 'a recipe parsed again');
    },
  },
  {
    name: 'concepts',
    input: (random) => mutateJson(random, [CONCEPTS]),
    run: (text) => {
      const set = parseConceptSet(text, 'fuzz');
      expectSame(
        JSON.stringify(parseConceptSet(JSON.stringify(set))),
        JSON.stringify(set),
        'a set parsed again',
      );
    },
  },
  {
    name: 'reply',
    input: (random) => mutateJson(random, [REPLY]),
    run: (text) =>
      checkTexts(readReply(text, { modality: 'MR', classes: REPLY.classes.map(({ name }) => name) })),
  },
];

/** What a language model may say is plain prose of at most 400 characters, for the two classes that were asked for. */
function checkTexts(classes) {
  expectSame(`${classes.length}`, '2', 'the number of classes');
  for (const text of classes.flatMap(Object.values))
    expectSame(`${/^[^\p{C}<>{}`\\]{1,400}$/u.test(text)}`, 'true', 'that the text is plain');
}

function sliceOf(bytes) {
  return {
    name: 'fuzz.dcm',
    size: async () => bytes.length,
    read: async (start, length) => bytes.subarray(start, start + length),
  };
}

/** Compressed pixels are another program's work; that its errors become typed ones is what is tested. */
async function undecodable() {
  throw new TypeError('damaged');
}

/** What was accepted is written and read again: the same voxels and affine, bit for bit. */
function checkVolume(volume) {
  const again = parseNifti(encodeNifti(volume));
  expectSame(bytesOf(again.data), bytesOf(volume.data), 'the voxels written again');
  expectSame(
    bytesOf(Float64Array.from(again.affine)),
    bytesOf(Float64Array.from(volume.affine)),
    'the affine',
  );
  expectSame(`${again.shape}x${again.channels}`, `${volume.shape}x${volume.channels}`, 'the shape');
}

/** What was accepted has a voxel for each place of its grid, and a grid in space. */
function checkExtent({ data, shape, channels, affine }) {
  expectSame(`${data.length}`, `${shape[0] * shape[1] * shape[2] * channels}`, 'the number of voxels');
  expectSame(`${affine.every(Number.isFinite)}`, 'true', 'that the affine is finite');
}

function bytesOf({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

function expectSame(found, expected, what) {
  if (found !== expected)
    throw new Error(`${what} differs: ${found.slice(0, 200)}, expected ${expected.slice(0, 200)}`);
}

/** A recipe comes as a value; where the text is no JSON, the text is the value. */
function recipeValue(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
