import { NetworkError } from '../../errors.js';

/** What is said of a file that breaks the rules of the format, or goes beyond a limit. */
export function malformedArchive(source: string, what: string, hint?: string): NetworkError {
  return new NetworkError('bad-pytorch-file', `${source} is not a PyTorch checkpoint we read: ${what}`, {
    kind: 'data',
    hint:
      hint ??
      'fetch the file again and compare its SHA-256 with the publisher, or convert the state to safetensors',
  });
}
