import { augmentPatch } from '../../augment/augment.js';
import type { AugmentationStep } from '../../augment/augmentation-step.js';
import type { CaseFiles } from '../../dataset/dataset.js';
import { PreprocessError } from '../../errors.js';
import { keyedRandom } from '../../random.js';
import type { Patch } from '../../sampling/patch.js';
import { drawPatch, type SamplingOptions } from '../../sampling/sample-patch.js';
import { type CachedCase, cacheCase } from '../cache/case-cache.js';
import type { CaseFile } from '../cache/case-file.js';
import { CaseReader } from '../cache/case-reader.js';
import type { PrepareOptions } from '../cache/prepare-case.js';
import type { PatchRequest } from './patch-request.js';

/** What a loader does, as plain data that can be sent to a worker. */
export interface LoaderSetup {
  readonly prepare: PrepareOptions;
  readonly sampling: SamplingOptions;
  readonly augmentation: readonly AugmentationStep[];
  readonly cacheFolder: string;
}

/** One thing to do; `open` tells where the cases lie that patches will be asked from. */
export type Job =
  | { readonly kind: 'prepare'; readonly files: CaseFiles }
  | { readonly kind: 'open'; readonly cases: ReadonlyMap<string, CaseFile> }
  | { readonly kind: 'patch'; readonly request: PatchRequest };

/** What comes back for each kind of job. */
export interface Results {
  readonly prepare: CachedCase;
  readonly open: undefined;
  readonly patch: Patch;
}

// Open files per thread: enough for a small data set, far below what a system allows.
const MOST_READERS = 64;

/** Does the jobs of a loader, in whatever thread it lives. */
export class PatchWork {
  readonly #setup: LoaderSetup;
  readonly #readers = new Map<string, CaseReader>();
  #cases: ReadonlyMap<string, CaseFile> = new Map();

  constructor(setup: LoaderSetup) {
    this.#setup = setup;
  }

  /** Throws what preparing throws, and `unknown-case` for a patch of a case that was never opened. */
  async run(job: Job): Promise<Results[Job['kind']]> {
    switch (job.kind) {
      case 'prepare':
        return cacheCase(job.files, this.#setup.prepare, this.#setup.cacheFolder);
      case 'open':
        this.close();
        this.#cases = job.cases;
        return undefined;
      case 'patch':
        return this.#patch(job.request);
    }
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close();
    this.#readers.clear();
  }

  #patch({ caseId, sampleKey, augmentationKey }: PatchRequest): Patch {
    const { sampling, augmentation } = this.#setup;
    const patch = drawPatch(this.#reader(caseId), { ...sampling, random: keyedRandom(sampleKey) });
    return augmentPatch(patch, augmentation, keyedRandom(augmentationKey));
  }

  #reader(caseId: string): CaseReader {
    const known = this.#readers.get(caseId);
    if (known !== undefined) return known;
    const file = this.#cases.get(caseId);
    if (file === undefined) throw unknownCase(caseId);
    const [oldest] = this.#readers;
    if (oldest !== undefined && this.#readers.size >= MOST_READERS) {
      oldest[1].close();
      this.#readers.delete(oldest[0]);
    }
    const reader = new CaseReader(file);
    this.#readers.set(caseId, reader);
    return reader;
  }
}

function unknownCase(id: string): PreprocessError {
  return new PreprocessError('unknown-case', `the loader was not opened with case ${id}`, {
    kind: 'usage',
    hint: 'name every case that is asked for in the cases of the loader',
  });
}
