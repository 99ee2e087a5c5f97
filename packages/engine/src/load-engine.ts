import { createRequire } from 'node:module';
import * as core from '@tensorflow/tfjs-core';
import { EngineError } from './errors.js';
import { restoreUtilFunctions } from './node-shim.js';
import { openEngine } from './open-engine.js';
import { findTfjs, tfjsPackage } from './tfjs-package.js';
import { checkThreads, threadCount } from './threads.js';

/** The TensorFlow.js core namespace, as every package that computes imports it. */
export type TensorFlow = typeof core;

/** What an app may ask of the engine. */
export interface EngineOptions {
  /** Refuse to run without a GPU. */
  readonly requireGpu?: boolean;
  /** Threads one operation may use; the default is one per core. Fixed for the process by the first load. */
  readonly threads?: number;
}

/** What is known of the engine that this thread runs on. */
export interface LoadedEngine {
  readonly tensorflow: string;
  readonly usesGpu: boolean;
  readonly threads: number;
}

/** The parts of tfjs-node's backend that this package reads. */
interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

let loaded: LoadedEngine | null = null;

/**
 * Loads TensorFlow.js on the native `tensorflow` backend, and on nothing else: a slower backend is never taken in silence. The result is
 * the `@tensorflow/tfjs-core` that other packages import. Works in worker threads; a second call returns the same.
 * Throws `engine-not-installed`, `addon-broken`, `cpu-too-old`, `two-tfjs-cores`, `wrong-backend`, `gpu-missing`, `threads-fixed`.
 */
export async function loadEngine(options: EngineOptions = {}): Promise<TensorFlow> {
  if (options.threads !== undefined) checkThreads(options.threads);
  if (loaded === null) openNative(options.threads);
  const backend = await selectBackend();
  loaded ??= describe(backend, options.threads);
  checkAgainst(loaded, options);
  return core;
}

/** The engine this thread has loaded; null before `loadEngine`. */
export function loadedEngine(): LoadedEngine | null {
  return loaded;
}

function openNative(threads: number | undefined): void {
  const tfjs = findTfjs();
  restoreUtilFunctions();
  openEngine(tfjs, threads);
  const native: { Tensor: unknown } = createRequire(import.meta.url)(tfjs);
  if (native.Tensor === core.Tensor) return;
  throw new EngineError(
    'two-tfjs-cores',
    `${tfjsPackage} at ${tfjs} brings a @tensorflow/tfjs-core of its own`,
    {
      kind: 'resource',
      hint: 'run `npm dedupe` (`npm ls @tensorflow/tfjs-core` shows the copies), so that all packages share one',
    },
  );
}

async function selectBackend(): Promise<NativeBackend> {
  if (core.getBackend() !== 'tensorflow') await core.setBackend('tensorflow');
  await core.ready();
  const name = core.getBackend();
  if (name === 'tensorflow') return core.backend() as unknown as NativeBackend;
  throw new EngineError(
    'wrong-backend',
    `TensorFlow.js runs on its '${name}' backend, expected 'tensorflow'`,
    {
      kind: 'resource',
      hint: 'run `npx bipvl-engine doctor` to see what is wrong with the native engine',
    },
  );
}

function describe(backend: NativeBackend, threads: number | undefined): LoadedEngine {
  const { isUsingGpuDevice, binding } = backend;
  return { tensorflow: binding.TF_Version, usesGpu: isUsingGpuDevice, threads: threads ?? threadCount() };
}

function checkAgainst(engine: LoadedEngine, options: EngineOptions): void {
  if (options.requireGpu && !engine.usesGpu) {
    throw new EngineError('gpu-missing', 'a GPU is required, and TensorFlow found none it can use', {
      kind: 'resource',
      hint: 'run `npx bipvl-engine install --gpu`, then `npx bipvl-engine doctor` to see which library is missing',
    });
  }
  if (options.threads !== undefined && options.threads !== engine.threads) {
    throw new EngineError('threads-fixed', `threads: expected ${engine.threads}, got ${options.threads}`, {
      kind: 'usage',
      hint: 'TensorFlow fixes its threads when it starts: pass them to the first loadEngine of the process',
    });
  }
}
