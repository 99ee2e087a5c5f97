import { loadedEngine } from '@bipvl/engine';
import { AdamW, loadState, RandomStream } from '@bipvl/nn';
import type { Dataset } from '@bipvl/preprocess';
import { createSegmenter, type Segmenter } from '@bipvl/segmenter';
import { writeBundle } from '@bipvl/segmenter/node';
import * as tf from '@tensorflow/tfjs-core';
import type { ResolvedConfig } from './config/run-config.js';
import { BatchSource } from './data/batches.js';
import { CaseStore } from './data/case-store.js';
import { type RunCases, spreadEvenly } from './data/run-cases.js';
import { beginning, type RunProgress } from './loop/run-progress.js';
import { SessionRecords } from './loop/session-records.js';
import type { TrainEvent } from './loop/train-event.js';
import { TrainingLoop } from './loop/training-loop.js';
import { type PreparedTexts, prepareTexts } from './prepare/prepare-texts.js';
import { productVersion } from './product-version.js';
import type { Checkpoint, RunIdentity } from './run-folder/checkpoint-file.js';
import { Checkpoints } from './run-folder/checkpoints.js';
import { identify, requireSame } from './run-folder/identity.js';
import { ManifestKeeper } from './run-folder/manifest.js';
import { Recorder } from './run-folder/recorder.js';
import type { RunPaths } from './run-folder/run-paths.js';
import { storeConfig } from './run-folder/stored-config.js';
import { writeRunJson } from './run-folder/write-file.js';
import type { TrainResult } from './train.js';

export interface SessionInput {
  readonly config: ResolvedConfig;
  readonly dataset: Dataset;
  readonly cases: RunCases;
  readonly paths: RunPaths;
  readonly emit: (event: TrainEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** One stretch of training in one process: everything in memory, from the prepared cases to the optimiser. */
export class TrainingSession {
  readonly #input: SessionInput;
  readonly #store: CaseStore;
  readonly #texts: PreparedTexts | null;
  readonly #segmenter: Segmenter;
  readonly #optimiser: AdamW;
  readonly #identity: RunIdentity;
  readonly #checkpoints: Checkpoints;

  private constructor(
    input: SessionInput,
    store: CaseStore,
    texts: PreparedTexts | null,
    identity: RunIdentity,
  ) {
    const { config, paths } = input;
    this.#input = input;
    this.#store = store;
    this.#texts = texts;
    this.#identity = identity;
    const read = texts === null ? {} : { texts: texts.inputs, vocabulary: texts.tokenizer.vocabularySize };
    this.#segmenter = createSegmenter(config.segmenter, { seed: config.seed, ...read });
    this.#optimiser = new AdamW(this.#segmenter.network.parameters(), {
      weightDecay: config.optimiser.weightDecay,
      noDecay: (name) => name === 'alignment.logVariances',
    });
    this.#checkpoints = new Checkpoints(paths.checkpoints);
  }

  /** Prepares cases, texts and network; null where the signal ended it. */
  static async prepare(input: SessionInput): Promise<TrainingSession | null> {
    const { config, dataset, cases, emit, signal } = input;
    const texts = await prepareTexts(config);
    const store = await CaseStore.open(dataset, {
      allowed: [...cases.train, ...cases.validation],
      recipe: config.recipe,
      labelIds: config.segmenter.labels.map(({ id }) => id),
      backgroundAbove: config.sampling.backgroundAbove,
      budgetMiB: config.memory.casesMiB,
      onProgress: (done, total) => emit({ type: 'progress', what: 'preparing cases', done, total }),
      signal,
    });
    if (signal?.aborted) return null;
    const identity = await identify({
      config,
      splits: cases.splits,
      cases: store.hash(),
      conceptSet: texts?.conceptSet ?? null,
      tokenizerId: texts?.tokenizer.id ?? null,
    });
    return new TrainingSession(input, store, texts, identity);
  }

  /** Trains from the beginning, or from the newest checkpoint that is whole. */
  async run(resume: boolean): Promise<TrainResult> {
    const { config, cases, paths } = this.#input;
    const from = resume ? await this.#restore() : { progress: beginning, logBytes: 0 };
    if (!resume) {
      await writeRunJson(paths.splits, cases.splits);
      await storeConfig(config, paths);
    }
    const recorder = await Recorder.open(paths, this.#classes, from.logBytes);
    try {
      return await this.#runFrom(from.progress, recorder);
    } finally {
      await recorder.close();
    }
  }

  dispose(): void {
    this.#segmenter.network.dispose();
    this.#optimiser.dispose();
  }

  async #runFrom(progress: RunProgress, recorder: Recorder): Promise<TrainResult> {
    const manifest = await this.#openManifest(progress);
    const loop = this.#createLoop(progress, recorder);
    try {
      this.#announce(progress);
      await manifest.write('running', progress.step, progress.best);
      const status = await loop.run();
      const bundle = status === 'finished' ? await this.#writeBundle(loop.progress) : null;
      await manifest.write(status, loop.progress.step, loop.progress.best);
      return this.#finish(status, loop.progress, bundle);
    } catch (error) {
      await manifest.write('failed', loop.progress.step, loop.progress.best);
      throw error;
    }
  }

  #createLoop(progress: RunProgress, recorder: Recorder): TrainingLoop {
    const { config, cases, paths, emit, signal } = this.#input;
    const [segmenter, optimiser, store] = [this.#segmenter, this.#optimiser, this.#store];
    const batches = this.#batches();
    const records = new SessionRecords({
      paths,
      seed: config.seed,
      identity: this.#identity,
      segmenter,
      optimiser,
      checkpoints: this.#checkpoints,
      recorder,
      emit,
    });
    const validationCases = spreadEvenly(cases.validation, config.validation.cases);
    return new TrainingLoop(
      { config, segmenter, optimiser, batches, store, validationCases, records, emit, signal },
      progress,
    );
  }

  #batches(): BatchSource {
    const { config, cases } = this.#input;
    return new BatchSource(this.#store, {
      cases: cases.train,
      patch: config.segmenter.image.patch,
      sampling: config.sampling,
      augmentation: config.augmentation,
      fill: config.recipe.padValue,
      random: new RandomStream(config.seed).at('sampling'),
    });
  }

  /** Weights, moments and place of the newest whole checkpoint; the beginning where there is none yet. */
  async #restore(): Promise<{ progress: RunProgress; logBytes: number }> {
    const { checkpoint, skipped } = await this.#checkpoints.loadNewest();
    for (const file of skipped) {
      this.#input.emit({ type: 'notice', message: `${file}: is damaged, the checkpoint before it is used` });
    }
    if (checkpoint === null) return { progress: beginning, logBytes: 0 };
    try {
      requireSame(this.#identity, checkpoint.identity, this.#input.paths.folder);
      loadState(this.#segmenter.network, checkpoint.network);
      this.#optimiser.loadState(checkpoint.optimiser);
    } finally {
      disposeTensors(checkpoint);
    }
    return checkpoint;
  }

  /** Best validated weights, or the last where nothing was validated. */
  async #writeBundle({ step, best }: RunProgress): Promise<string> {
    const { config, dataset, cases, paths } = this.#input;
    if (best !== null && best.step !== step) {
      const checkpoint = await this.#checkpoints.load(best.step);
      try {
        loadState(this.#segmenter.network, checkpoint.network);
      } finally {
        disposeTensors(checkpoint);
      }
    }
    await writeBundle(paths.bundle, {
      segmenter: this.#segmenter,
      recipe: config.recipe,
      modality: dataset.modality,
      conceptSet: this.#texts?.conceptSet ?? null,
      tokenizer: this.#texts?.definition ?? null,
      training: {
        dataset: dataset.name,
        licence: dataset.licence,
        reference: dataset.reference,
        cases: {
          train: cases.train.length,
          validation: cases.validation.length,
          heldOut: cases.heldOut.length,
        },
        seed: config.seed,
        steps: best?.step ?? step,
        validationDsc: best?.dsc ?? {},
      },
      product: { name: '@bipvl/trainer', version: productVersion() },
    });
    return paths.bundle;
  }

  async #openManifest({ step }: RunProgress): Promise<ManifestKeeper> {
    const { config, dataset, cases, paths } = this.#input;
    const { name, licence, reference } = dataset;
    const { train, validation, heldOut } = cases;
    const facts = {
      seed: config.seed,
      dataset: { name, licence, reference },
      cases: { train, validation, heldOut },
      hashes: this.#identity,
      parameters: this.#segmenter.network.parameterCount(),
    };
    return ManifestKeeper.open(paths.manifest, facts, step);
  }

  #announce({ step, best }: RunProgress): void {
    const { config, cases, paths, emit } = this.#input;
    const { train, validation, heldOut } = cases;
    emit({
      type: 'start',
      folder: paths.folder,
      method: config.segmenter.method,
      cases: { train: train.length, validation: validation.length, heldOut: heldOut.length },
      classes: this.#classes,
      step,
      steps: config.steps,
      stepsPerEpoch: Math.ceil(train.length / config.sampling.batch),
      parameters: this.#segmenter.network.parameterCount(),
      usesGpu: loadedEngine()?.usesGpu ?? false,
      best,
    });
  }

  #finish(
    status: TrainResult['status'],
    { step, best, seconds }: RunProgress,
    bundle: string | null,
  ): TrainResult {
    const { config, paths, emit } = this.#input;
    const result = { status, step, steps: config.steps, best, bundle, seconds };
    emit({ type: 'end', ...result });
    return { ...result, folder: paths.folder };
  }

  get #classes(): string[] {
    return this.#input.config.segmenter.labels.map(({ name }) => name);
  }
}

function disposeTensors({ network, optimiser }: Checkpoint): void {
  tf.dispose([...network.values(), ...optimiser.values()]);
}
