import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from './engine-layout.js';
import { isMissing } from './engine-manifest.js';
import { runCommand } from './run-command.js';

/** What a CUDA build of TensorFlow 2.21 opens at run time, and who brings it. */
export const cudaLibraryNames: readonly string[] = [
  'libcuda.so.1',
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcudnn.so.9',
  'libcufft.so.11',
  'libcusolver.so.11',
  'libcusparse.so.12',
  'libnvJitLink.so.12',
  'libcupti.so.12',
  'libnccl.so.2',
];

/** One CUDA library and the folder it was found in; null where it is missing. */
export interface CudaLibrary {
  readonly name: string;
  readonly folder: string | null;
}

/** Looks for TensorFlow's CUDA libraries: beside the engine, on `LD_LIBRARY_PATH`, and where the loader looks. Linux only. */
export async function findCudaLibraries(engine: string | null): Promise<readonly CudaLibrary[]> {
  const folders = [
    ...engineFolders(engine),
    ...(process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter(Boolean),
  ];
  const known = await loaderCache();
  return cudaLibraryNames.map((name) => {
    const folder = folders.find((candidate) => list(candidate).includes(name));
    return { name, folder: folder ?? known.get(name) ?? null };
  });
}

function engineFolders(engine: string | null): string[] {
  if (engine === null) return [];
  const parent = join(engine, layout.libraries, '..', 'nvidia');
  return list(parent).map((name) => join(parent, name, 'lib'));
}

async function loaderCache(): Promise<ReadonlyMap<string, string>> {
  const answer = (await runCommand('ldconfig', ['-p'])) ?? (await runCommand('/sbin/ldconfig', ['-p']));
  const lines = answer?.stdout.matchAll(/^\s*(\S+) \(.*\) => (.*)\/[^/]+$/gm) ?? [];
  return new Map([...lines].map((match) => [match[1] ?? '', match[2] ?? '']));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
