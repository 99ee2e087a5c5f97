import { PreprocessError } from '../errors.js';
import type { Patch } from '../sampling/patch.js';

/** Throws `channel-count` unless there is one parameter for each channel of the patch. */
export function requireOnePerChannel({ channels }: Patch, parameters: readonly unknown[]): void {
  if (parameters.length === channels) return;
  throw new PreprocessError(
    'channel-count',
    `a patch with ${channels} channel(s) needs as many parameters, got ${parameters.length}`,
    { kind: 'usage', hint: 'give one parameter for each channel, in order' },
  );
}
