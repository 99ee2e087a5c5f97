import { existsSync } from 'node:fs';
import { createTrainingReporter, type RunConfig, runPaths, type TrainResult, train } from '@bipvl/trainer';
import type { DemoOptions } from './demo-options.js';
import { say } from './say.js';

/** A trained model: where its bundle lies and how long it took. */
export interface TrainedModel {
  readonly bundle: string;
  readonly seconds: number;
}

/** Trains a model, or goes on with its training; null where the person stopped it. */
export async function trainModel(
  name: string,
  config: RunConfig,
  out: string,
  options: DemoOptions,
): Promise<TrainedModel | null> {
  const goesOn = existsSync(runPaths(out).manifest) && !options.fresh;
  say(`\n${name}: ${goesOn ? 'going on with' : 'training'} ${config.steps} steps`);
  const reporter = createTrainingReporter(process.stdout, { environment: options.environment });
  try {
    const result: TrainResult = await train({
      config,
      out,
      signal: options.signal,
      onEvent: (event) => reporter.onEvent(event),
      ...(goesOn ? { resume: true } : { fresh: options.fresh ?? false }),
    });
    return result.bundle === null ? null : { bundle: result.bundle, seconds: result.seconds };
  } finally {
    reporter.stop();
  }
}
