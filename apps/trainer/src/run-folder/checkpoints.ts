import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.js';
import { guarded, isMissing } from './file-fault.js';
import { writeRunFile } from './write-file.js';

/** How many of the newest checkpoints are kept beside the best one. */
const kept = 2;
const namePattern = /^step-(\d{6,})\.safetensors$/;

/** The checkpoints of a run: `step-000123.safetensors`, whole or not there. */
export class Checkpoints {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Saves one, then removes those that are neither among the newest nor the best. @throws TrainerError `run-folder-fault` */
  async save(checkpoint: Checkpoint): Promise<{ file: string; bytes: number }> {
    const file = this.#path(checkpoint.progress.step);
    const bytes = await encodeCheckpoint(checkpoint);
    await guarded(this.#folder, () => mkdir(this.#folder, { recursive: true }));
    await writeRunFile(file, bytes);
    await this.#prune(checkpoint.progress.best?.step ?? null);
    return { file, bytes: bytes.byteLength };
  }

  /** The newest checkpoint that is whole, and the files that were passed over because they are not. */
  async loadNewest(): Promise<{ checkpoint: Checkpoint | null; skipped: string[] }> {
    const skipped: string[] = [];
    for (const step of (await this.#steps()).reverse()) {
      const checkpoint = await this.#read(step);
      if (checkpoint !== undefined) return { checkpoint, skipped };
      skipped.push(this.#path(step));
    }
    return { checkpoint: null, skipped };
  }

  /** The checkpoint of a step. @throws TrainerError `bad-checkpoint` where it is missing or damaged. */
  async load(step: number): Promise<Checkpoint> {
    const checkpoint = await this.#read(step);
    if (checkpoint !== undefined) return checkpoint;
    throw new TrainerError(
      'bad-checkpoint',
      `${this.#path(step)}: is missing or damaged, its SHA-256 does not fit`,
      {
        kind: 'data',
        hint: 'resume from another copy of the run folder, or train again with --fresh',
      },
    );
  }

  async #read(step: number): Promise<Checkpoint | undefined> {
    const path = this.#path(step);
    return guarded(path, async () => {
      try {
        return decodeCheckpoint(await readFile(path), path);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  /** In ascending order. */
  async #steps(): Promise<number[]> {
    const names = await this.#names();
    const digits = names.map((name) => namePattern.exec(name)?.[1]).filter((found) => found !== undefined);
    return digits.map(Number).sort((a, b) => a - b);
  }

  async #names(): Promise<string[]> {
    return guarded(this.#folder, () =>
      readdir(this.#folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      }),
    );
  }

  /** Also removes what a save left behind that was killed; the lock of the run folder says that no other is at work. */
  async #prune(best: number | null): Promise<void> {
    const steps = await this.#steps();
    const old = steps.slice(0, -kept).filter((step) => step !== best);
    const leftovers = (await this.#names()).filter((name) => name.includes('.safetensors.tmp-'));
    const paths = [
      ...old.map((step) => this.#path(step)),
      ...leftovers.map((name) => join(this.#folder, name)),
    ];
    for (const path of paths) await guarded(path, () => rm(path));
  }

  #path(step: number): string {
    return join(this.#folder, `step-${String(step).padStart(6, '0')}.safetensors`);
  }
}
