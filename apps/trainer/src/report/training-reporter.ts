import { canDrawBars } from '@bipvl/engine/command-line';
import { BarReporter } from './bar-reporter.js';
import { LineReporter } from './line-reporter.js';
import type { TrainingReporter } from './reporter.js';

/** A stream such as `process.stderr`. */
export type ReportStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

export interface ReporterOptions {
  /** Decides between bar and lines; `CI` and `TERM=dumb` ask for lines. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** A progress bar on a terminal, plain lines elsewhere; no colours either way, so there is nothing for NO_COLOR to switch off. */
export function createTrainingReporter(
  stream: ReportStream,
  options: ReporterOptions = {},
): TrainingReporter {
  const { environment = process.env, now = () => performance.now() } = options;
  return canDrawBars(stream, environment) ? new BarReporter(stream, now) : new LineReporter(stream, now);
}
