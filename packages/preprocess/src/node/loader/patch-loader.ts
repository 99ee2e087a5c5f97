import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { AugmentationStep } from '../../augment/augmentation-step.js';
import type { CaseFiles } from '../../dataset/dataset.js';
import { PreprocessError } from '../../errors.js';
import type { Patch } from '../../sampling/patch.js';
import type { SamplingOptions } from '../../sampling/sample-patch.js';
import type { Volume } from '../../volume.js';
import type { CachedCase } from '../cache/case-cache.js';
import type { CaseFile } from '../cache/case-file.js';
import { CaseReader } from '../cache/case-reader.js';
import type { PrepareOptions } from '../cache/prepare-case.js';
import { createRunner, type JobRunner } from './job-runner.js';
import { type PatchOrder, shuffledOrder } from './patch-request.js';
import type { LoaderSetup } from './patch-work.js';

/** What is loaded, how, and by how many threads. */
export interface PatchLoaderOptions {
  /** The only cases that are ever opened. */
  readonly cases: readonly CaseFiles[];
  readonly prepare: PrepareOptions;
  readonly sampling: SamplingOptions;
  readonly augmentation?: readonly AugmentationStep[];
  /** Where prepared cases are kept; shared between runs and processes, safe to delete. They hold the scans' voxels. */
  readonly cacheFolder: string;
  /** Seed of the default order. Default 42. */
  readonly seed?: number;
  /** Which patch comes when. Default: all cases in each epoch, shuffled by `seed`. */
  readonly order?: PatchOrder;
  /** Threads; 0 works on the calling one. Default: one fewer than the cores, at least 1, at most 8. */
  readonly workers?: number;
  /** Patches made ahead of the one that is taken. Default: twice the threads, at least 2. */
  readonly ahead?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told in one line of every damaged cache file that was replaced. */
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A patch and the case it was cut from. */
export interface LoadedPatch {
  readonly caseId: string;
  readonly patch: Patch;
}

/**
 * Prepares the cases into the cache, where they are not there yet, and opens a loader on them. Throws the error of the
 * first case that cannot be prepared, `duplicate-case`, `bad-workers`, and the signal's reason when it aborts.
 */
export async function openPatchLoader(options: PatchLoaderOptions): Promise<PatchLoader> {
  const { prepare, sampling, augmentation = [], cacheFolder } = options;
  const workers = workersOf(options);
  refuseDuplicates(options.cases);
  const runner = createRunner(
    { prepare, sampling, augmentation, cacheFolder } satisfies LoaderSetup,
    workers,
  );
  try {
    const files = await prepareAll(runner, options);
    await runner.tellAll({ kind: 'open', cases: files });
    const order = options.order ?? shuffledOrder([...files.keys()], options.seed ?? 42);
    return new PatchLoader(runner, files, order, options.ahead ?? Math.max(2, 2 * workers));
  } catch (error) {
    await runner.close();
    throw error;
  }
}

/** Patches of prepared cases, made ahead by worker threads, in an order that does not depend on how many there are. */
export class PatchLoader {
  readonly #runner: JobRunner;
  readonly #files: ReadonlyMap<string, CaseFile>;
  readonly #order: PatchOrder;
  readonly #ahead: number;

  constructor(runner: JobRunner, files: ReadonlyMap<string, CaseFile>, order: PatchOrder, ahead: number) {
    this.#runner = runner;
    this.#files = files;
    this.#order = order;
    this.#ahead = ahead;
  }

  /** Patch `n`, whatever was asked before. */
  async patch(n: number): Promise<LoadedPatch> {
    const request = this.#order(n);
    return { caseId: request.caseId, patch: await this.#runner.run({ kind: 'patch', request }) };
  }

  /** All patches from number `from` on, without end; leave the loop to stop. */
  async *patches(from = 0): AsyncGenerator<LoadedPatch, never, undefined> {
    const coming: Promise<LoadedPatch>[] = [];
    try {
      for (let n = from; ; n += 1) {
        coming.push(this.#promised(n));
        if (coming.length > this.#ahead) yield await (coming.shift() as Promise<LoadedPatch>);
      }
    } finally {
      await Promise.allSettled(coming);
    }
  }

  /** A whole prepared case. Throws `case-not-allowed` for any id but those of the loader. */
  readCase(id: string): { image: Volume<Float32Array>; label: Volume<Uint8Array | Int32Array> } {
    const file = this.#files.get(id);
    if (file === undefined) throw notAllowed(id);
    const reader = new CaseReader(file);
    try {
      return reader.volumes();
    } finally {
      reader.close();
    }
  }

  /** SHA-256 over all that the prepared cases hold, by id. */
  digest(): string {
    const hash = createHash('sha256');
    for (const id of [...this.#files.keys()].sort()) hash.update(`${id} ${this.#files.get(id)?.digest}\n`);
    return hash.digest('hex');
  }

  /** Ends the threads; what is still awaited fails. */
  async close(): Promise<void> {
    await this.#runner.close();
  }

  /** A patch made ahead may fail before anybody waits for it; whoever takes it is told. */
  #promised(n: number): Promise<LoadedPatch> {
    const patch = this.patch(n);
    patch.catch(() => undefined);
    return patch;
  }
}

/** Every case once, as many at a time as there are threads. */
async function prepareAll(runner: JobRunner, options: PatchLoaderOptions): Promise<Map<string, CaseFile>> {
  const { cases, onProgress, onNotice, signal } = options;
  const cached = new Map<string, CachedCase>();
  const queue = [...cases];
  const work = async (): Promise<void> => {
    for (let files = queue.shift(); files !== undefined; files = queue.shift()) {
      signal?.throwIfAborted();
      const made = await runner.run({ kind: 'prepare', files });
      cached.set(files.id, made);
      if (made.how === 'healed') onNotice?.(`${made.file.path}: was damaged, the case is prepared anew`);
      onProgress?.(cached.size, cases.length);
    }
  };
  await Promise.all(Array.from({ length: runner.hands }, work));
  signal?.throwIfAborted();
  return new Map(cases.map(({ id }) => [id, (cached.get(id) as CachedCase).file]));
}

function workersOf({ workers }: PatchLoaderOptions): number {
  if (workers === undefined) return Math.max(1, Math.min(8, availableParallelism() - 1));
  if (Number.isInteger(workers) && workers >= 0) return workers;
  throw new PreprocessError('bad-workers', `workers is ${workers}, expected a whole number from 0 on`, {
    kind: 'usage',
    hint: 'leave it out to use all cores but one, or 0 to work without threads',
  });
}

function refuseDuplicates(cases: readonly CaseFiles[]): void {
  const twice = cases.find(({ id }, index) => cases.findIndex((other) => other.id === id) !== index);
  if (cases.length > 0 && twice === undefined) return;
  const message =
    twice === undefined ? 'a loader needs at least one case' : `case ${twice.id} is given twice`;
  throw new PreprocessError(twice === undefined ? 'no-cases' : 'duplicate-case', message, {
    kind: 'usage',
    hint: 'give each case of the fold once',
  });
}

function notAllowed(id: string): PreprocessError {
  return new PreprocessError('case-not-allowed', `case ${id} is not among those that this loader may open`, {
    kind: 'internal',
    hint: 'ask only for cases that the loader was opened with',
  });
}
