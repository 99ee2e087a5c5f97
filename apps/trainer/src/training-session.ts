import { loadedEngine } from '@bipvl/engine';
import { loadState } from '@bipvl/nn';
import { BatchSource, stepsPerEpoch } from './data/batches.js';
import { batchOrderOptions } from './data/open-cases.js';
import { spreadEvenly } from './data/run-cases.js';
import { beginning, type RunProgress } from './loop/run-progress.js';
import { SessionRecords } from './loop/session-records.js';
import { TrainingLoop } from './loop/training-loop.js';
import type { SessionParts } from './prepare/prepare-session.js';
import { disposeCheckpoint } from './run-folder/checkpoint-file.js';
import { Checkpoints } from './run-folder/checkpoints.js';
import { requireSame } from './run-folder/identity.js';
import { ManifestKeeper } from './run-folder/manifest.js';
import { Recorder } from './run-folder/recorder.js';
import type { RunPaths } from './run-folder/run-paths.js';
import { storeConfig } from './run-folder/stored-config.js';
import { writeRunJson } from './run-folder/write-file.js';
import type { TrainResult } from './train-result.js';
import { writeRunBundle } from './write-run-bundle.js';

/** One stretch of training in one process, into its run folder. */
export class TrainingSession {
  readonly #parts: SessionParts;
  readonly #paths: RunPaths;
  readonly #checkpoints: Checkpoints;

  constructor(parts: SessionParts, paths: RunPaths) {
    this.#parts = parts;
    this.#paths = paths;
    this.#checkpoints = new Checkpoints(paths.checkpoints);
  }

  /** Trains from the beginning, or from the newest checkpoint that is whole. */
  async run(resume: boolean): Promise<TrainResult> {
    const { config, cases } = this.#parts;
    const from = resume ? await this.#restore() : { progress: beginning, logBytes: 0 };
    if (!resume) {
      await storeConfig(config, this.#paths);
      await writeRunJson(this.#paths.splits, cases.splits);
    }
    const recorder = await Recorder.open(this.#paths, this.#classes, from.logBytes);
    try {
      return await this.#runFrom(from.progress, recorder);
    } finally {
      await recorder.close();
    }
  }

  async #runFrom(progress: RunProgress, recorder: Recorder): Promise<TrainResult> {
    const manifest = await this.#openManifest(progress);
    const loop = this.#createLoop(progress, recorder);
    try {
      this.#announce(progress);
      await manifest.write('running', progress.step, progress.best);
      const status = await loop.run();
      const finished = status === 'finished';
      if (finished) await writeRunBundle(this.#parts, this.#paths, this.#checkpoints, loop.progress);
      await manifest.write(status, loop.progress.step, loop.progress.best);
      return this.#finish(status, loop.progress, finished ? this.#paths.bundle : null);
    } catch (error) {
      // What went wrong first is the news; a disk in that state may well refuse this too.
      await manifest.write('failed', loop.progress.step, loop.progress.best).catch(() => undefined);
      throw error;
    }
  }

  #createLoop(progress: RunProgress, recorder: Recorder): TrainingLoop {
    const { config, cases, loader } = this.#parts;
    const paths = this.#paths;
    const records = new SessionRecords({ ...this.#parts, paths, checkpoints: this.#checkpoints, recorder });
    const validationCases = spreadEvenly(cases.validation, config.validation.cases);
    const batches = new BatchSource(loader, config.sampling.batch);
    const stepsPerEpoch = this.#stepsPerEpoch;
    return new TrainingLoop({ ...this.#parts, batches, stepsPerEpoch, validationCases, records }, progress);
  }

  get #stepsPerEpoch(): number {
    const { config, cases } = this.#parts;
    return stepsPerEpoch(batchOrderOptions(config, cases));
  }

  /** Weights, moments and place of the newest whole checkpoint; the beginning where there is none yet. */
  async #restore(): Promise<{ progress: RunProgress; logBytes: number }> {
    const { segmenter, optimiser, identity, emit } = this.#parts;
    const { checkpoint, skipped } = await this.#checkpoints.loadNewest();
    for (const file of skipped) {
      emit({ type: 'notice', message: `${file}: is damaged, the checkpoint before it is used` });
    }
    if (checkpoint === null) return { progress: beginning, logBytes: 0 };
    try {
      requireSame(identity, checkpoint.identity, this.#paths.folder);
      loadState(segmenter.network, checkpoint.network);
      optimiser.loadState(checkpoint.optimiser);
    } finally {
      disposeCheckpoint(checkpoint);
    }
    return checkpoint;
  }

  async #openManifest({ step }: RunProgress): Promise<ManifestKeeper> {
    const { config, dataset, cases, identity, segmenter } = this.#parts;
    const { name, licence, reference } = dataset;
    const { train, validation, heldOut } = cases;
    const facts = {
      seed: config.seed,
      dataset: { name, licence, reference },
      cases: { train, validation, heldOut },
      hashes: identity,
      parameters: segmenter.network.parameterCount(),
    };
    return ManifestKeeper.open(this.#paths.manifest, facts, step);
  }

  #announce({ step, best }: RunProgress): void {
    const { config, cases, segmenter, emit } = this.#parts;
    const { train, validation, heldOut } = cases;
    emit({
      type: 'start',
      folder: this.#paths.folder,
      method: config.segmenter.method,
      cases: { train: train.length, validation: validation.length, heldOut: heldOut.length },
      classes: this.#classes,
      step,
      steps: config.steps,
      stepsPerEpoch: this.#stepsPerEpoch,
      parameters: segmenter.network.parameterCount(),
      usesGpu: loadedEngine()?.usesGpu ?? false,
      best,
    });
  }

  #finish(
    status: TrainResult['status'],
    { step, best, seconds }: RunProgress,
    bundle: string | null,
  ): TrainResult {
    const { config, emit } = this.#parts;
    const result = { status, step, steps: config.steps, best, bundle, seconds };
    emit({ type: 'end', ...result });
    return { ...result, folder: this.#paths.folder };
  }

  get #classes(): string[] {
    return this.#parts.config.segmenter.labels.map(({ name }) => name);
  }
}
