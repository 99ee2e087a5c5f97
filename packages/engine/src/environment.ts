import { availableParallelism, cpus, totalmem } from 'node:os';
import { cpuFeatures } from './cpu-features.js';
import { readManifest } from './engine-manifest.js';
import { linkedEngine } from './link-engine.js';
import { loadedEngine } from './load-engine.js';
import { findTfjs } from './tfjs-package.js';
import { threadCount } from './threads.js';

/** What decides the numbers a computation gives and the time it takes; a run's manifest stores it. */
export interface EngineEnvironment {
  readonly node: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly cpuFeatures: readonly string[] | null;
  readonly memoryBytes: number;
  readonly threads: number;
  /** Version of the native TensorFlow; null where none is installed. */
  readonly tensorflow: string | null;
  /** The wheel it came from, or that another installer put it there. */
  readonly source: string | null;
  /** Whether this thread computes on a GPU; null before `loadEngine`. */
  readonly usesGpu: boolean | null;
  readonly oneDnn: boolean;
}

/** Describes this process's machine and engine. Loads nothing; after `loadEngine` it speaks of the loaded engine. */
export async function environment(): Promise<EngineEnvironment> {
  const folder = await linkedEngine(findTfjs());
  const manifest = folder === null ? null : await readManifest(folder);
  const loaded = loadedEngine();
  const tensorflow = loaded?.tensorflow ?? manifest?.tensorflow ?? null;
  return {
    node: process.versions.node,
    system: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    cpuFeatures: cpuFeatures(),
    memoryBytes: memoryBytes(),
    threads: loaded?.threads ?? threadCount(),
    tensorflow,
    source: manifest?.wheels[0]?.file ?? (tensorflow === null ? null : 'another installer'),
    usesGpu: loaded?.usesGpu ?? null,
    oneDnn: process.env['TF_ENABLE_ONEDNN_OPTS'] !== '0',
  };
}

/** Memory this process may use, in bytes: the machine's, or less inside a container. */
export function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
