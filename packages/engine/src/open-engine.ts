import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cpuFeatures } from './cpu-features.js';
import { layout } from './engine-layout.js';
import { EngineError } from './errors.js';
import { filterLog, logLevel } from './log-level.js';
import { threadsVariable } from './threads.js';

/** Our own small addon; see `native/open_library.cc`. */
interface LibraryOpener {
  openLibrary(path: string): string;
  setEnvironment(name: string, value: string): void;
}

const require = createRequire(import.meta.url);
const remedy = 'run `npx bipvl-engine install`';

/**
 * Opens the native library of the npm package at `tfjs` with the settings TensorFlow reads only once. What it says on the way goes to
 * stderr, less the log entries below the level. Throws `engine-not-installed`, `cpu-too-old`, `addon-broken`.
 */
export function openEngine(tfjs: string, threads: number | undefined): void {
  const addon = join(tfjs, layout.addon);
  if (!existsSync(addon)) {
    throw new EngineError('engine-not-installed', `no native TensorFlow at ${addon}`, {
      kind: 'resource',
      hint: remedy,
    });
  }
  refuseOldCpu();
  const opener = findOpener(realpathSync(addon));
  applySettings(opener, threads);
  try {
    const said = opener?.openLibrary(realpathSync(addon)) ?? '';
    process.stderr.write(filterLog(said, logLevel()));
    require(addon);
  } catch (error) {
    throw broken(addon, error);
  }
}

/** An engine from the stock installer has no opener: it opens as it is, with TensorFlow's own words on stderr. */
function findOpener(addon: string): LibraryOpener | null {
  const path = join(addon, '..', 'open_library.node');
  return existsSync(path) ? (require(path) as LibraryOpener) : null;
}

function applySettings(opener: LibraryOpener | null, threads: number | undefined): void {
  const settings: Record<string, string> = { TF_CPP_MIN_LOG_LEVEL: String(logLevel()) };
  if (threads !== undefined) settings[threadsVariable] = String(threads);
  for (const [name, value] of Object.entries(settings)) {
    process.env[name] = value;
    opener?.setEnvironment(name, value);
  }
}

// The library ends the process where the CPU lacks AVX, before anything could be caught.
function refuseOldCpu(): void {
  if (process.arch !== 'x64' || cpuFeatures()?.includes('avx') !== false) return;
  throw new EngineError('cpu-too-old', "this CPU has no AVX, which TensorFlow's library is compiled for", {
    kind: 'resource',
    hint: 'run on an x64 CPU made since 2011, or let the virtual machine pass AVX on',
  });
}

function broken(addon: string, cause: unknown): EngineError {
  const reason = cause instanceof Error ? (cause.message.split('\n').at(-1) ?? '') : String(cause);
  return new EngineError('addon-broken', `${addon} does not load: ${reason}`, {
    kind: 'resource',
    hint: `${remedy} --force`,
    cause,
  });
}
