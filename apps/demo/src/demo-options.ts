/** What a person may ask of the demonstration. */
export interface DemoOptions {
  /** Where the hippocampus data lie; looked for where this is absent. */
  readonly data?: string;
  /** The run folder. */
  readonly out: string;
  readonly seed: number;
  readonly fold: number;
  /** Optimiser steps of either model; the preset's number where this is absent. */
  readonly steps?: number;
  readonly fresh?: boolean;
  /** Use the phantom even where real scans are at hand. */
  readonly phantom?: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}
