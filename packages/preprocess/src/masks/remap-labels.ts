import { PreprocessError } from '../errors.js';
import { smallestIntegers } from '../smallest-integers.js';
import type { Volume } from '../volume.js';
import { requireOneChannel } from './one-channel.js';

/** What each value of a label map becomes; 0 stays 0 unless it is named. */
export type LabelTable = ReadonlyMap<number, number> | Readonly<Record<number, number>>;

/** What happens to values that are not in the table. */
export interface RemapOptions {
  /** They are an error (default), become background, or stay as they are. */
  readonly others?: 'refuse' | 'background' | 'keep';
}

/**
 * Replaces the values of a label map by those of a table, all at once, in the smallest integer type. Throws
 * `bad-label-table` for what is no whole number, `unknown-label` for a value that the table lacks, `not-integers`,
 * `mask-channels`, `volume-size`.
 */
export function remapLabels(volume: Volume, table: LabelTable, options: RemapOptions = {}): Volume {
  requireOneChannel(volume);
  const { others = 'refuse' } = options;
  const ids = tableOf(table);
  const data = new Float64Array(volume.data.length);
  let last = Number.NaN;
  let id = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = volume.data[i] as number;
    if (value !== last) {
      id = ids.get(value) ?? otherwise(value, others, ids);
      last = value;
    }
    data[i] = id;
  }
  return smallestIntegers({ ...volume, data });
}

function tableOf(table: LabelTable): Map<number, number> {
  const entries: [number, number][] =
    table instanceof Map ? [...table] : Object.entries(table).map(([value, id]) => [Number(value), id]);
  const wrong = entries.find(([value, id]) => !Number.isInteger(value) || !Number.isInteger(id));
  if (wrong !== undefined) {
    throw new PreprocessError('bad-label-table', `the label table takes ${wrong[0]} to ${wrong[1]}`, {
      kind: 'usage',
      hint: 'labels are whole numbers, e.g. { 500: 1, 600: 2 }',
    });
  }
  return new Map(entries);
}

function otherwise(
  value: number,
  others: 'refuse' | 'background' | 'keep',
  ids: ReadonlyMap<number, number>,
): number {
  if (value === 0 || others === 'background') return 0;
  if (others === 'keep') return value;
  throw new PreprocessError(
    'unknown-label',
    `the label map has the value ${value}, the table only ${[...ids.keys()].join(', ')}`,
    { kind: 'data', hint: "add it to the table, or say others: 'background' or 'keep'" },
  );
}
