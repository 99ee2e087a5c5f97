import type { LabelMap } from './grid.js';

/** Three array types instead of seven: ids are compared bit by bit, and a loop stays fast while it sees few types. */
export type Words = Uint8Array | Uint16Array | Uint32Array;

/** A label map as unsigned words, and the word that stands for an id. */
export class LabelWords {
  readonly words: Words;
  readonly #largestId: number;

  constructor(map: LabelMap) {
    this.words = wordsOf(map);
    const signed = map instanceof Int8Array || map instanceof Int16Array || map instanceof Int32Array;
    const bits = 8 * map.BYTES_PER_ELEMENT - (signed ? 1 : 0);
    this.#largestId = 2 ** bits - 1;
  }

  /**
   * A table that gives each of the ids its value by its word, and every other word 0. An id that the elements of the map
   * cannot hold, such as 200 in an `Int8Array`, has no word. Words beyond the end of the table are none of the ids.
   */
  table(ids: readonly number[], entryOf: (id: number) => number): Uint16Array {
    const held = ids.filter((id) => id <= this.#largestId);
    const table = new Uint16Array(Math.max(255, ...held) + 1);
    for (const id of held) table[id] = entryOf(id);
    return table;
  }
}

/** The same memory as unsigned words of the width of its elements. */
export function wordsOf({ buffer, byteOffset, length, BYTES_PER_ELEMENT }: LabelMap): Words {
  if (BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, length);
  if (BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, length);
  return new Uint32Array(buffer, byteOffset, length);
}
