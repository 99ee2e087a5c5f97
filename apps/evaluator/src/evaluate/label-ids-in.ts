import type { Volume } from '@bipvl/preprocess';
import { EvaluatorError } from '../errors.js';

const LARGEST_ID = 65_535;
const MOST_IDS = 1000;

/**
 * Every value of a mask but 0.
 * @throws EvaluatorError `bad-label-id` for a value below 0 or above 65535, `too-many-labels` for more than 1000.
 */
export function labelIdsIn({ data }: Volume, name: string): number[] {
  const ids = new Set<number>();
  let last = 0;
  for (let i = 0; i < data.length; i++) {
    const id = data[i] as number;
    if (id === last) continue;
    last = id;
    ids.add(id);
    if (ids.size > MOST_IDS + 1) throw tooMany(name);
  }
  ids.delete(0);
  const wrong = [...ids].find((id) => id < 0 || id > LARGEST_ID);
  if (wrong !== undefined) throw wrongId(name, wrong);
  return [...ids];
}

function tooMany(name: string): EvaluatorError {
  return new EvaluatorError('too-many-labels', `${name}: holds more than ${MOST_IDS} values, is it a mask?`, {
    kind: 'data',
    hint: 'give folders of masks, or name the labels by --labels 1=liver,2=spleen',
  });
}

function wrongId(name: string, id: number): EvaluatorError {
  return new EvaluatorError('bad-label-id', `${name}: holds the value ${id}, labels are 0 to ${LARGEST_ID}`, {
    kind: 'data',
    hint: 'give masks of labels, or name those that count by --labels 1=liver,2=spleen',
  });
}
