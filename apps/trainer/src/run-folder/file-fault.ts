import { TrainerError } from '../errors.js';

const full = new Set(['ENOSPC', 'EDQUOT']);

/** The typed error for a file of the run that the system refuses to write or read. */
export function fileFault(path: string, cause: unknown): TrainerError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new TrainerError('run-folder-fault', `${path}: the system refused (${code})`, {
    kind: 'resource',
    hint: full.has(code) ? 'free disk space, then resume the run' : 'choose a folder that can be written to',
    cause,
  });
}

/** Runs a file operation on `path` and gives its failure the form of `fileFault`. */
export async function guarded<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    if (TrainerError.isInstance(cause)) throw cause;
    throw fileFault(path, cause);
  }
}

/** Whether a file operation failed because there is nothing at the path. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
