import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NetworkError } from '@bipvl/nn';
import type { Bundle, BundleFiles } from '../bundle/bundle.js';
import { decodeBundle, readManifest } from '../bundle/decode-bundle.js';
import { type BundleManifest, bundleFileNames } from '../bundle/manifest.js';

/** The largest files that are read, in bytes; the weights' limit is that of one read in Node 20. */
const maximumBytes = {
  'segmenter.json': 10 * 2 ** 20,
  'model.safetensors': 2 ** 31 - 1,
  'concepts.json': 10 * 2 ** 20,
} as const;

type BundleFileName = keyof typeof maximumBytes;

/**
 * Opens a bundle folder on the backend in use; strict in every file, hashes verified.
 * @throws NetworkError `bundle-missing`, `bundle-unreadable`, `bundle-too-large`, or those of `decodeBundle`; all naming the file.
 */
export async function readBundle(folder: string): Promise<Bundle> {
  return decodeBundle(await readFiles(folder, Object.values(bundleFileNames)), folder);
}

/**
 * What a bundle folder says about itself, without its weights and without a backend.
 * @throws as `readBundle`, of `segmenter.json`.
 */
export async function readBundleManifest(folder: string): Promise<BundleManifest> {
  return readManifest(await readFiles(folder, [bundleFileNames.manifest]), folder);
}

/** Those of the named files that are there; the manifest must be. */
async function readFiles(folder: string, names: readonly BundleFileName[]): Promise<BundleFiles> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = await readOptional(join(folder, name), maximumBytes[name]);
    if (bytes !== undefined) files.set(name, bytes);
    else if (name === bundleFileNames.manifest) throw noBundle(folder);
  }
  return files;
}

async function readOptional(path: string, limit: number): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    if (size > limit) throw tooLarge(path, size, limit);
    return await readFile(path);
  } catch (cause) {
    if (NetworkError.isInstance(cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new NetworkError('bundle-unreadable', `${path}: cannot be read (${code ?? String(cause)})`, {
      kind: 'data',
      hint: 'check the permissions of the file and of its folder',
      cause,
    });
  }
}

function noBundle(folder: string): NetworkError {
  return new NetworkError(
    'bundle-missing',
    `${folder}: is no bundle, it has no ${bundleFileNames.manifest}`,
    {
      kind: 'data',
      hint: 'give the folder "bundle" of a finished run, such as runs/demo/bundle',
    },
  );
}

function tooLarge(path: string, size: number, limit: number): NetworkError {
  return new NetworkError('bundle-too-large', `${path}: has ${size} bytes, expected at most ${limit}`, {
    kind: 'data',
    hint: 'check that the file is what its name says',
  });
}
