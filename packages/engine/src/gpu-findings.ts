import { findCudaLibraries } from './cuda-libraries.js';
import type { EngineEnvironment } from './environment.js';
import { type Finding, gigabytes } from './finding.js';
import { type NvidiaGpu, nvidiaGpus } from './nvidia-gpus.js';

/** What there is of GPUs and of the CUDA libraries TensorFlow opens, each by name. */
export async function gpuFindings(
  facts: EngineEnvironment,
  engine: string | null,
): Promise<readonly Finding[]> {
  if (process.platform !== 'linux') return [{ name: 'gpu', verdict: 'note', detail: 'CUDA is for Linux' }];
  const gpus = await nvidiaGpus();
  return [gpuFinding(gpus, facts), await libraryFinding(gpus, engine)];
}

function gpuFinding(gpus: readonly NvidiaGpu[], facts: EngineEnvironment): Finding {
  if (gpus.length === 0)
    return { name: 'gpu', verdict: 'note', detail: 'no NVIDIA GPU or driver found: computing on the CPU' };
  const detail = gpus
    .map((gpu) => `${gpu.name}, ${gigabytes(gpu.memoryBytes)}, driver ${gpu.driver}`)
    .join('; ');
  if (facts.usesGpu) return { name: 'gpu', verdict: 'ok', detail };
  return {
    name: 'gpu',
    verdict: 'note',
    detail: `${detail}; not in use`,
    mend: 'run `npx bipvl-engine install --gpu`',
  };
}

async function libraryFinding(gpus: readonly NvidiaGpu[], engine: string | null): Promise<Finding> {
  const libraries = await findCudaLibraries(engine);
  const describe = (found: boolean) =>
    libraries.flatMap(({ name, folder }) => ((folder !== null) === found ? [name] : [])).join(' ') || 'none';
  const detail = `found ${describe(true)}; missing ${describe(false)}`;
  const complete = libraries.every(({ folder }) => folder !== null);
  if (complete) return { name: 'cuda', verdict: 'ok', detail };
  const mend = gpus.length > 0 ? { mend: 'run `npx bipvl-engine install --gpu`' } : {};
  return { name: 'cuda', verdict: 'note', detail, ...mend };
}
