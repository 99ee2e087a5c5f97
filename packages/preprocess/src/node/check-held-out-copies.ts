import { stat } from 'node:fs/promises';
import type { CaseFacts } from '../dataset/case-facts.js';
import { duplicateFault } from '../dataset/check-duplicates.js';
import type { Dataset } from '../dataset/dataset.js';
import type { Fault } from '../dataset/fault.js';
import { PreprocessError } from '../errors.js';
import { fileHash } from './content-hash.js';
import type { FactsCache } from './facts-cache.js';

interface OpenedImage {
  readonly id: string;
  readonly file: string;
}

/**
 * Held-out images that are the very file of an opened case: a leak. Held-out scans are not decoded for it; their bytes
 * are hashed, and only where an opened image has the same size.
 */
export async function checkHeldOutCopies(
  dataset: Dataset,
  seen: readonly CaseFacts[],
  cache: FactsCache,
): Promise<Fault[]> {
  const opened = new Set(seen.map(({ files }) => files.id));
  const heldOut = dataset.cases.filter(({ id }) => dataset.splits?.heldOut.includes(id) && !opened.has(id));
  if (heldOut.length === 0) return [];
  const bySize = await imagesBySize(seen);
  const faults: Fault[] = [];
  for (const { id, images } of heldOut) {
    for (const file of images) {
      const candidates = bySize.get(await sizeOf(file)) ?? [];
      const content = candidates.length === 0 ? undefined : await hashOf(file);
      const twin = candidates.find(
        (image) => content !== undefined && cache.contentOf(image.file, 'image') === content,
      );
      if (twin !== undefined) faults.push(duplicateFault({ id, file }, twin, 'image', dataset.splits));
    }
  }
  return faults;
}

async function imagesBySize(seen: readonly CaseFacts[]): Promise<Map<number, OpenedImage[]>> {
  const bySize = new Map<number, OpenedImage[]>();
  for (const { files, images } of seen) {
    for (const { file } of images) {
      const size = await sizeOf(file);
      bySize.set(size, [...(bySize.get(size) ?? []), { id: files.id, file }]);
    }
  }
  return bySize;
}

/** Bytes of a file; NaN, which matches nothing, where it cannot be seen: that was reported with the case. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => Number.NaN,
  );
}

/** Undefined where the file cannot be read, which was reported with the case. */
async function hashOf(file: string): Promise<string | undefined> {
  return fileHash(file).catch((error: unknown) => {
    if (PreprocessError.isInstance(error)) return undefined;
    throw error;
  });
}
