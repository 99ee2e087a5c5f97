import { readFileSync } from 'node:fs';
import { isMissing } from './engine-manifest.js';

const relevant = [
  'sse4_2',
  'avx',
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'amx_bf16',
  'asimd',
  'sve',
  'bf16',
];

/**
 * The vector instructions of this CPU that TensorFlow has kernels for, in the kernel's spelling; null where the system does not tell
 * (only Linux does).
 */
export function cpuFeatures(path = '/proc/cpuinfo'): readonly string[] | null {
  try {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    const flags = new Set(line?.split(' '));
    return relevant.filter((feature) => flags.has(feature));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
