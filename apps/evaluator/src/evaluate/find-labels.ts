import type { Label } from '@bipvl/segmenter';
import { EvaluatorError } from '../errors.js';
import { readMask } from '../files/read-mask.js';
import type { MatchedFiles } from './match-files.js';

/**
 * Every value but 0 in the references, named after itself.
 * @throws EvaluatorError `no-labels` when all references are empty.
 */
export async function findLabels(files: readonly MatchedFiles[], signal?: AbortSignal): Promise<Label[]> {
  const ids = new Set<number>();
  for (const { reference } of files) {
    signal?.throwIfAborted();
    for (const id of (await readMask(reference)).data) ids.add(id);
  }
  ids.delete(0);
  if (ids.size === 0) {
    throw new EvaluatorError('no-labels', 'the references hold no label at all', {
      kind: 'data',
      hint: 'give the folder of reference masks, or name the labels by --labels 1=liver,2=spleen',
    });
  }
  return [...ids].sort((a, b) => a - b).map((id) => ({ id, name: `label ${id}` }));
}
