import { resolve } from 'node:path';
import { isConceptFile } from '@bipvl/concepts/node';
import { Interruption } from '@bipvl/engine/command-line';
import { formatConfig, readConfigFile } from '../config/config-file.js';
import { nearestName } from '../config/nearest-name.js';
import { applyOverrides } from '../config/overrides.js';
import { parseRunConfig } from '../config/parse-run-config.js';
import type { RunConfig } from '../config/run-config.js';
import { TrainerError } from '../errors.js';
import type { TrainEvent } from '../loop/train-event.js';
import { presets } from '../presets/presets.js';
import { preview } from '../preview.js';
import { createTrainingReporter } from '../report/training-reporter.js';
import { resume } from '../resume.js';
import { train } from '../train.js';
import type { TrainResult } from '../train-result.js';

/** Options of the command `train`, as given. */
export interface TrainFlags {
  readonly preset?: string;
  readonly data?: string;
  readonly out: string;
  readonly seed?: string;
  readonly fold?: string;
  readonly steps?: string;
  readonly set: readonly string[];
  readonly resume?: boolean;
  readonly fresh?: boolean;
  readonly dryRun?: boolean;
}

/** The command `train`. */
export async function runTrain(file: string | undefined, flags: TrainFlags): Promise<number> {
  const config = await configOf(file, flags);
  if (flags.dryRun) {
    const resolved = await preview(config, (message) => process.stderr.write(`${message}\n`));
    process.stdout.write(formatConfig(resolved));
    return 0;
  }
  const { out, resume: goOn = false, fresh = false } = flags;
  return follow((session) => train({ config, out, resume: goOn, fresh, ...session }));
}

/** The command `resume`. */
export async function runResume(out: string, data: string | undefined): Promise<number> {
  return follow((session) =>
    resume({ out, data: data === undefined ? undefined : resolve(data), ...session }),
  );
}

interface SessionOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainEvent) => void;
}

/** Reports a run and turns its end into an exit code. */
async function follow(run: (session: SessionOptions) => Promise<TrainResult>): Promise<number> {
  const interruption = new Interruption('finishing this step and saving');
  const reporter = createTrainingReporter(process.stderr);
  try {
    const result = await run({ signal: interruption.signal, onEvent: (event) => reporter.onEvent(event) });
    process.stdout.write(`${nextCommand(result)}\n`);
    return result.status === 'interrupted' ? (interruption.exitCode ?? 1) : 0;
  } finally {
    reporter.stop();
    interruption.stopListening();
  }
}

function nextCommand({ status, folder, step, bundle }: TrainResult): string {
  if (status === 'finished')
    return `next: bipvl-evaluator predict ${quoted(bundle ?? '')} SCAN.nii.gz --out masks`;
  return step === 0 ? 'nothing had been trained yet' : `next: bipvl-trainer resume ${quoted(folder)}`;
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

async function configOf(file: string | undefined, flags: TrainFlags): Promise<RunConfig> {
  const base = file === undefined ? presetOf(flags) : await readConfigFile(file);
  const named = (['data', 'seed', 'fold', 'steps'] as const).flatMap((key) =>
    flags[key] === undefined ? [] : `${key}=${flags[key]}`,
  );
  const config = parseRunConfig(
    applyOverrides(base, [...named, ...flags.set]),
    file ?? `preset ${flags.preset}`,
  );
  const concepts =
    config.concepts !== null && isConceptFile(config.concepts) ? resolve(config.concepts) : config.concepts;
  return { ...config, data: resolve(config.data), concepts };
}

function presetOf({ preset, data }: TrainFlags): unknown {
  const known = Object.keys(presets);
  if (preset === undefined)
    throw usage(
      'no-config',
      'train needs a configuration file or --preset',
      `give one of the presets: ${known.join(', ')}`,
    );
  const make = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
  if (make === undefined) {
    const nearest = nearestName(preset, known);
    const hint = nearest ? `write --preset ${nearest}` : 'choose one of these';
    throw usage('unknown-preset', `there is no preset '${preset}'; there are: ${known.join(', ')}`, hint);
  }
  if (data === undefined) throw usage('no-data', `preset ${preset} needs a dataset`, 'add --data FOLDER');
  return make({ data });
}

function usage(code: string, message: string, hint: string): TrainerError {
  return new TrainerError(code, message, { kind: 'usage', hint });
}
