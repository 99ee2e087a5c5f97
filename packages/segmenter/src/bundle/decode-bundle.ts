import { type ConceptSet, parseConceptSet } from '@bipvl/concepts';
import { BlankStream, buildWhole, loadState, NetworkError, safetensorsToTensors } from '@bipvl/nn';
import { parseJson } from '@bipvl/preprocess';
import { createTokenizer, type Tokenizer } from '@bipvl/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import type { SegmenterConfig } from '../config.js';
import { drawSegmenter } from '../create-segmenter.js';
import type { Segmenter } from '../segmenter.js';
import { rowTokenizer, textsOf } from '../text/row-tokenizer.js';
import { tokeniseConcepts } from '../text/text-inputs.js';
import type { Bundle, BundleFiles } from './bundle.js';
import { type BundleManifest, bundleFileNames, bundleManifestSchema } from './manifest.js';
import { sha256 } from './sha256.js';

/**
 * Opens a bundle from its files, on the backend in use: hashes first, then the texts, then the weights.
 * `source` is what errors call the bundle, such as its path.
 * @throws NetworkError `bundle-file-missing`, `bundle-hash`, `too-many-parameters`, `state-mismatch`, `bad-safetensors`; PreprocessError
 * `bad-json`, `bad-manifest`; ConceptError `invalid-concept-set`; all naming the file.
 */
export async function decodeBundle(files: BundleFiles, source = 'bundle'): Promise<Bundle> {
  const manifest = readManifest(files, source);
  const weights = await verified(files, bundleFileNames.weights, manifest, source);
  const conceptSet = await readConcepts(files, manifest, source);
  const manifestName = `${source}/${bundleFileNames.manifest}`;
  const tokenizer = await naming(manifestName, () => openTokenizer(manifest));
  const blank = new BlankStream(Math.floor(weights.byteLength / Float32Array.BYTES_PER_ELEMENT));
  const segmenter = await naming(manifestName, () =>
    buildWhole(() => build(manifest.config, conceptSet, tokenizer, blank)),
  );
  await naming(`${source}/${bundleFileNames.weights}`, () => loadWeights(segmenter, weights));
  const { product, modality, training, recipe } = manifest;
  const about = { product, modality, training, weightsHash: manifest.sha256[bundleFileNames.weights] };
  return { segmenter, recipe, conceptSet, tokenizer, about };
}

/** `segmenter.json` of a bundle. */
export function readManifest(files: BundleFiles, source: string): BundleManifest {
  const name = `${source}/${bundleFileNames.manifest}`;
  const text = textOf(fileOf(files, bundleFileNames.manifest, source), name);
  return parseJson(text, bundleManifestSchema, name);
}

async function readConcepts(
  files: BundleFiles,
  manifest: BundleManifest,
  source: string,
): Promise<ConceptSet | null> {
  if (manifest.sha256[bundleFileNames.concepts] === undefined) return null;
  const name = `${source}/${bundleFileNames.concepts}`;
  return parseConceptSet(
    textOf(await verified(files, bundleFileNames.concepts, manifest, source), name),
    name,
  );
}

async function openTokenizer({ tokenizer }: BundleManifest): Promise<Tokenizer | null> {
  return tokenizer === null ? null : createTokenizer(tokenizer);
}

/** The segmenter before its weights are read; `blank` refuses a network larger than the file of weights, so that a small file cannot ask for much memory. */
function build(
  config: SegmenterConfig,
  concepts: ConceptSet | null,
  tokenizer: Tokenizer | null,
  blank: BlankStream,
): Segmenter {
  if (config.method === 'vision-only') return drawSegmenter(config, {}, blank);
  if (concepts === null) throw withoutTexts(config);
  if (config.text.encoder === 'sentences') {
    const rows = textsOf(concepts, config.labels);
    const texts = tokeniseConcepts(concepts, config.labels, rowTokenizer(rows), config.text);
    return drawSegmenter(config, { texts, vocabulary: rows.length }, blank);
  }
  if (tokenizer === null) throw withoutTexts(config);
  const texts = tokeniseConcepts(concepts, config.labels, tokenizer, config.text);
  return drawSegmenter(config, { texts, vocabulary: tokenizer.vocabularySize }, blank);
}

function withoutTexts({ method }: SegmenterConfig): NetworkError {
  return fault('bundle-texts', `method '${method}' reads texts, and the bundle has none`);
}

function loadWeights(segmenter: Segmenter, bytes: Uint8Array): void {
  let tensors = new Map<string, tf.Tensor>();
  try {
    tensors = safetensorsToTensors(bytes);
    loadState(segmenter.network, tensors);
  } catch (error) {
    segmenter.network.dispose();
    throw error;
  } finally {
    tf.dispose([...tensors.values()]);
  }
}

/** Runs a step of which a file is the cause: its errors begin with the file's name. */
async function naming<T>(file: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!NetworkError.isInstance(error)) throw error;
    const { code, kind, hint } = error;
    throw new NetworkError(code, `${file}: ${error.message}`, { kind, hint, cause: error });
  }
}

async function verified(
  files: BundleFiles,
  name: 'model.safetensors' | 'concepts.json',
  { sha256: hashes }: BundleManifest,
  source: string,
): Promise<Uint8Array> {
  const bytes = fileOf(files, name, source);
  const found = await sha256(bytes);
  if (found === hashes[name]) return bytes;
  throw fault(
    'bundle-hash',
    `${source}/${name}: its SHA-256 is ${found}, segmenter.json says ${hashes[name]}`,
  );
}

function fileOf(files: BundleFiles, name: string, source: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes !== undefined) return bytes;
  throw fault('bundle-file-missing', `${source}/${name}: the bundle has no such file`);
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fault('bundle-text', `${name}: is not UTF-8 text`, cause);
  }
}

function fault(code: string, message: string, cause?: unknown): NetworkError {
  return new NetworkError(code, message, {
    kind: 'data',
    hint: 'copy the whole bundle again from where it was trained, or train again',
    cause,
  });
}
