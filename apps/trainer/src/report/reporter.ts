import type { TrainEvent } from '../loop/train-event.js';

/** Tells a person how a run goes on. */
export interface TrainingReporter {
  onEvent(event: TrainEvent): void;
  /** Leaves the terminal as it was; to be called however the run ends. */
  stop(): void;
}
