import type { AdamW } from '@bipvl/nn';
import type { Segmenter } from '@bipvl/segmenter';
import * as tf from '@tensorflow/tfjs-core';
import type { ResolvedConfig } from '../config/run-config.js';
import { TrainerError } from '../errors.js';
import type { RunIdentity } from '../run-folder/checkpoint-file.js';
import type { Checkpoints } from '../run-folder/checkpoints.js';
import type { Recorder } from '../run-folder/recorder.js';
import type { RunPaths } from '../run-folder/run-paths.js';
import { writeRunJson } from '../run-folder/write-file.js';
import type { RunProgress } from './run-progress.js';
import type { StepEvent, TrainEvent, ValidationEvent } from './train-event.js';
import type { RunRecords } from './training-loop.js';

export interface SessionRecordParts {
  readonly paths: RunPaths;
  readonly config: ResolvedConfig;
  readonly identity: RunIdentity;
  readonly segmenter: Segmenter;
  readonly optimiser: AdamW;
  readonly checkpoints: Checkpoints;
  readonly recorder: Recorder;
  readonly emit: (event: TrainEvent) => void;
}

/** Writes what a loop made into the run folder. */
export class SessionRecords implements RunRecords {
  readonly #parts: SessionRecordParts;

  constructor(parts: SessionRecordParts) {
    this.#parts = parts;
  }

  async write(entry: StepEvent | ValidationEvent): Promise<void> {
    await this.#parts.recorder.write(entry);
  }

  async save(progress: RunProgress): Promise<void> {
    const { config, identity, segmenter, optimiser, checkpoints, recorder, emit } = this.#parts;
    await recorder.sync();
    const state = optimiser.state();
    try {
      const facts = { progress, seed: config.seed, identity, logBytes: recorder.logBytes };
      const saved = await checkpoints.save({
        ...facts,
        network: segmenter.network.state(),
        optimiser: state,
      });
      emit({ type: 'checkpoint', step: progress.step, ...saved });
    } finally {
      tf.dispose([...state.values()]);
    }
  }

  async fail(
    step: number,
    caseIds: readonly string[],
    losses: Readonly<Record<string, number>>,
  ): Promise<never> {
    const { paths, config, identity } = this.#parts;
    // JSON has no word for NaN and infinity.
    const shown = Object.fromEntries(
      Object.entries(losses).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
    );
    await writeRunJson(paths.replay, { step, seed: config.seed, caseIds, losses: shown, identity });
    const broken = Object.keys(losses).filter((name) => !Number.isFinite(losses[name]));
    throw new TrainerError(
      'not-finite',
      `step ${step}: ${broken.join(', ')} is not finite, on cases ${caseIds.join(', ')}; recorded in ${paths.replay}`,
      {
        kind: 'numeric',
        hint: 'look at these cases, lower optimiser.learningRate, or set optimiser.clipNorm',
      },
    );
  }
}
