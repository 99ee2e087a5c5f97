import { runCommand } from './run-command.js';

/** One NVIDIA GPU as its driver describes it. */
export interface NvidiaGpu {
  readonly name: string;
  readonly memoryBytes: number;
  readonly driver: string;
}

/** The NVIDIA GPUs of this machine; none where there is no driver. */
export async function nvidiaGpus(): Promise<readonly NvidiaGpu[]> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'];
  const answer = await runCommand('nvidia-smi', query);
  return answer?.status === 0 ? parseGpus(answer.stdout) : [];
}

/** Reads the lines `name, MiB, driver` that nvidia-smi prints. */
export function parseGpus(text: string): readonly NvidiaGpu[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .flatMap(([name, memory, driver]) =>
      name && memory && driver ? [{ name, memoryBytes: Number(memory) * 2 ** 20, driver }] : [],
    );
}
