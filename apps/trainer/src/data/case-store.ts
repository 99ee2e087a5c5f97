import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '@bipvl/preprocess';
import { TrainerError } from '../errors.js';
import { bytesOf, type PreparedCase, type PrepareOptions, prepareCase } from './prepare-case.js';

export interface OpenOptions extends PrepareOptions {
  /** The only cases that this store will ever open. */
  readonly allowed: readonly string[];
  readonly budgetMiB: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The prepared cases of a run, in memory, behind a list of those that may be opened at all. */
export class CaseStore {
  readonly #cases: ReadonlyMap<string, PreparedCase>;

  private constructor(cases: ReadonlyMap<string, PreparedCase>) {
    this.#cases = cases;
  }

  /**
   * Reads and prepares the allowed cases, each once; stops early where the signal is aborted.
   * @throws TrainerError `cases-too-large` when they do not fit in the budget.
   */
  static async open(dataset: Dataset, options: OpenOptions): Promise<CaseStore> {
    const files = new Map(dataset.cases.map((each) => [each.id, each]));
    const cases = new Map<string, PreparedCase>();
    let bytes = 0;
    for (const id of options.allowed) {
      if (options.signal?.aborted) break;
      const found = files.get(id);
      if (found === undefined) throw unknownCase(id, dataset.folder);
      const prepared = await prepareCase(found, options);
      bytes += bytesOf(prepared);
      if (bytes > options.budgetMiB * 2 ** 20) throw tooLarge(cases.size, options, bytes);
      cases.set(id, prepared);
      options.onProgress?.(cases.size, options.allowed.length);
      await setImmediate();
    }
    return new CaseStore(cases);
  }

  /** @throws TrainerError `case-not-allowed` for any id but the allowed ones, such as that of a held-out case. */
  get(id: string): PreparedCase {
    const found = this.#cases.get(id);
    if (found !== undefined) return found;
    throw new TrainerError('case-not-allowed', `case ${id} is not among those that this run may open`, {
      kind: 'internal',
      hint: 'report this: only cases of the fold may be asked for',
    });
  }

  /** SHA-256 over what the network can see of every case, so that a resumed run notices that its data have changed. */
  hash(): string {
    const hash = createHash('sha256');
    for (const [id, { image, label }] of this.#cases) {
      hash
        .update(`${id} ${image.shape.join('x')}x${image.channels}\n`)
        .update(image.data)
        .update(label.data);
    }
    return hash.digest('hex');
  }
}

function unknownCase(id: string, folder: string): TrainerError {
  return new TrainerError('unknown-case', `the split names case ${id}, which ${folder} does not have`, {
    kind: 'data',
    hint: 'correct splits.json, or add the case',
  });
}

function tooLarge(fitting: number, { allowed, budgetMiB }: OpenOptions, bytes: number): TrainerError {
  const expected = Math.ceil((bytes / (fitting + 1) / 2 ** 20) * allowed.length);
  return new TrainerError(
    'cases-too-large',
    `${fitting} of ${allowed.length} prepared cases fill the ${budgetMiB} MiB of memory.casesMiB; all need about ${expected} MiB`,
    {
      kind: 'resource',
      hint: `set memory.casesMiB=${expected} if the machine has it, or use a coarser recipe.spacing`,
    },
  );
}
