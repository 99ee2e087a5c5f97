import { NetworkError, tensorsToSafetensors } from '@bipvl/nn';
import type { BundleFiles, BundleParts } from './bundle.js';
import { type BundleManifest, bundleFileNames, bundleManifestSchema } from './manifest.js';
import { sha256 } from './sha256.js';

/**
 * The files of a bundle; the same segmenter gives the same bytes.
 * @throws NetworkError `incomplete-bundle` when a text-guided segmenter comes without its concepts or tokenizer, or a key is unfit.
 */
export async function encodeBundle(parts: BundleParts): Promise<BundleFiles> {
  const files = new Map([
    [bundleFileNames.weights as string, await tensorsToSafetensors(parts.segmenter.network.state())],
  ]);
  if (parts.conceptSet !== null) files.set(bundleFileNames.concepts, json(parts.conceptSet));
  const hashes = await Promise.all(
    [...files].map(async ([name, bytes]) => [name, await sha256(bytes)] as const),
  );
  const { segmenter, recipe, modality, tokenizer, training, product } = parts;
  const manifest = {
    version: 1,
    product,
    config: segmenter.config,
    recipe,
    modality,
    tokenizer,
    training,
    sha256: Object.fromEntries(hashes),
  };
  return files.set(bundleFileNames.manifest, json(checked(manifest)));
}

/** What could not be read back must not be written. */
function checked(manifest: unknown): BundleManifest {
  const parsed = bundleManifestSchema.safeParse(manifest);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw incomplete(`${issue?.path.join('.') || 'manifest'}: ${issue?.message}`);
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

function incomplete(what: string): NetworkError {
  return new NetworkError('incomplete-bundle', `the bundle cannot be written: ${what}`, {
    hint: 'pass the recipe, concept set and tokenizer that the segmenter was trained with',
  });
}
