import { setImmediate } from 'node:timers/promises';
import { type AdamW, cosineSchedule, type Schedule } from '@bipvl/nn';
import type { PatchLoader } from '@bipvl/preprocess/node';
import type { Segmenter } from '@bipvl/segmenter';
import type { ResolvedConfig } from '../config/run-config.js';
import type { BatchSource } from '../data/batches.js';
import { isBetter, type RunProgress } from './run-progress.js';
import type { StepEvent, TrainEvent, ValidationEvent } from './train-event.js';
import { trainStep } from './train-step.js';
import { validate } from './validate.js';

/** Where the loop leaves what it made. */
export interface RunRecords {
  /** Called after every step and validation, before anything else happens. */
  write(entry: StepEvent | ValidationEvent): Promise<void>;
  /** Saves everything needed to go on from `progress`. */
  save(progress: RunProgress): Promise<void>;
  /** Leaves behind what is needed to replay a step that went wrong; throws. */
  fail(step: number, caseIds: readonly string[], losses: Readonly<Record<string, number>>): Promise<never>;
}

export interface LoopParts {
  readonly config: ResolvedConfig;
  readonly segmenter: Segmenter;
  readonly optimiser: AdamW;
  readonly batches: BatchSource;
  /** Steps in which every case is drawn. */
  readonly stepsPerEpoch: number;
  readonly loader: PatchLoader;
  readonly validationCases: readonly string[];
  readonly records: RunRecords;
  readonly emit: (event: TrainEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains, validates and saves, step by step. What comes next is a function of `progress` alone, so that a loop that begins where another
 * was saved goes the same way.
 */
export class TrainingLoop {
  readonly #parts: LoopParts;
  readonly #schedule: Schedule;
  readonly #secondsBefore: number;
  readonly #started: number = performance.now();
  #progress: RunProgress;
  #saved: RunProgress | null;

  constructor(parts: LoopParts, progress: RunProgress) {
    const { optimiser, steps } = parts.config;
    this.#parts = parts;
    this.#schedule = cosineSchedule({
      from: optimiser.learningRate,
      to: optimiser.finalLearningRate,
      steps,
      warmup: optimiser.warmupSteps,
    });
    this.#secondsBefore = progress.seconds;
    this.#progress = progress;
    this.#saved = progress.step === 0 ? null : progress;
  }

  get progress(): RunProgress {
    return this.#progress;
  }

  /** Ends after the last step, or within one step of the signal; saved either way. */
  async run(): Promise<'finished' | 'interrupted'> {
    const { config, signal } = this.#parts;
    for (;;) {
      const validated = !this.#isDue() || (await this.#validate());
      const finished = validated && this.#progress.step === config.steps;
      const interrupted = signal?.aborted ?? false;
      if (finished || interrupted || this.#isCheckpoint()) await this.#save();
      if (finished) return 'finished';
      if (interrupted) return 'interrupted';
      await this.#step();
      // Timers, signals and progress bars get their turn here; awaiting tensors alone starves them.
      await setImmediate();
    }
  }

  #isDue(): boolean {
    const { config, validationCases } = this.#parts;
    const { step, validated } = this.#progress;
    if (validationCases.length === 0 || step === 0 || step === validated) return false;
    return step % config.validation.every === 0 || step === config.steps;
  }

  #isCheckpoint(): boolean {
    const { step } = this.#progress;
    return step > 0 && step % this.#parts.config.checkpoint.every === 0;
  }

  async #step(): Promise<void> {
    const { config, segmenter, optimiser, batches, stepsPerEpoch, records, emit } = this.#parts;
    const { step } = this.#progress;
    const started = performance.now();
    const batch = await batches.draw(step);
    const learningRate = this.#schedule(step);
    const { clipNorm } = config.optimiser;
    const result = trainStep(segmenter, optimiser, batch, {
      seed: config.seed,
      step,
      learningRate,
      clipNorm,
    });
    if (!result.finite)
      await records.fail(step + 1, batch.caseIds, { ...result.losses, gradientNorm: result.gradientNorm });
    this.#advance({ step: step + 1 });
    const event: StepEvent = {
      type: 'step',
      step: step + 1,
      steps: config.steps,
      epoch: Math.floor(step / stepsPerEpoch) + 1,
      epochs: Math.ceil(config.steps / stepsPerEpoch),
      learningRate,
      losses: result.losses,
      gradientNorm: result.gradientNorm,
      caseIds: batch.caseIds,
      seconds: secondsSince(started),
    };
    await records.write(event);
    emit(event);
  }

  /** False where the signal ended it half-way; it will then be done again. */
  async #validate(): Promise<boolean> {
    const { config, segmenter, loader, validationCases, records, emit, signal } = this.#parts;
    const { step, best } = this.#progress;
    const started = performance.now();
    const result = await validate(segmenter, loader, {
      cases: validationCases,
      overlap: config.validation.overlap,
      signal,
      onCase: (done, total) => emit({ type: 'progress', what: 'validating', done, total }),
    });
    if (result === null) return false;
    const score = { step, ...result };
    const isBest = isBetter(score, best);
    this.#advance({ validated: step, best: isBest ? score : best });
    const cases = validationCases.length;
    const event: ValidationEvent = {
      type: 'validation',
      ...score,
      cases,
      isBest,
      seconds: secondsSince(started),
    };
    await records.write(event);
    emit(event);
    if (isBest) await this.#save();
    return true;
  }

  async #save(): Promise<void> {
    const { step, validated } = this.#progress;
    if (this.#saved?.step === step && this.#saved.validated === validated) return;
    await this.#parts.records.save(this.#progress);
    this.#saved = this.#progress;
  }

  #advance(change: Partial<RunProgress>): void {
    const seconds = this.#secondsBefore + secondsSince(this.#started);
    this.#progress = { ...this.#progress, ...change, seconds };
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
