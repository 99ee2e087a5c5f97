import { PreprocessError } from '../errors.js';

const MISSING = new Set(['ENOENT', 'ENOTDIR']);
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/** The typed error for a failed file operation on `path`: what failed, and how to mend it. */
export function fileFault(path: string, cause: unknown): PreprocessError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  if (MISSING.has(code)) {
    const hint = 'check the path, or put the file there';
    return new PreprocessError('file-missing', `${path}: there is no such file or folder`, {
      kind: 'data',
      hint,
      cause,
    });
  }
  if (FULL.has(code)) {
    const hint = 'free disk space or file handles, then run again';
    return new PreprocessError('file-resource', `${path}: the system refused (${code})`, {
      kind: 'resource',
      hint,
      cause,
    });
  }
  const hint = 'check the permissions of the file and of its folder';
  return new PreprocessError('file-unreadable', `${path}: cannot be opened (${code})`, {
    kind: 'data',
    hint,
    cause,
  });
}
