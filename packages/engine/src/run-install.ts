import { EngineError } from './errors.js';
import { install } from './install.js';
import type { InstallOptions, InstallReport } from './install-options.js';

/** The flags of `bipvl-engine install` as they are typed. */
export interface InstallFlags {
  readonly gpu?: boolean;
  readonly cpu?: boolean;
  readonly force?: boolean;
  readonly wheel?: readonly string[];
}

/** Runs `install`, a line with its time per step, and says what is in place. */
export async function runInstall(flags: InstallFlags): Promise<void> {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`;
  const onStep = (step: string) => process.stdout.write(`${seconds()}  ${step}\n`);
  const report = await install({ ...optionsOf(flags), onStep });
  process.stdout.write(`${seconds()}  ${describe(report)}\n`);
}

function optionsOf(flags: InstallFlags): InstallOptions {
  if (flags.gpu && flags.cpu) {
    throw new EngineError('devices-conflict', '--gpu and --cpu: expected one of them, got both', {
      kind: 'usage',
      hint: 'the engine with CUDA computes on the CPU as well: leave --cpu out',
    });
  }
  const device = flags.gpu ? 'gpu' : flags.cpu ? 'cpu' : undefined;
  return { ...(device && { device }), force: flags.force ?? false, wheels: flags.wheel ?? [] };
}

const verbs: Readonly<Record<InstallReport['status'], string>> = {
  ready: 'already in place',
  linked: 'linked from the cache',
  installed: 'installed',
  found: 'found, put there by another installer',
};

function describe(report: InstallReport): string {
  return `TensorFlow ${report.tensorflow} (${report.device}): ${verbs[report.status]}, ${report.folder}`;
}
