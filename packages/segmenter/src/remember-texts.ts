import { BiPVLSeg } from './methods/bipvl-seg.js';
import type { FrozenStore } from './methods/frozen-states.js';
import type { Segmenter } from './segmenter.js';

/**
 * Has the states of a frozen text encoder (`text.frozen`) ready before the first step: from the store, or computed once and put there for the next
 * run. Does nothing for a segmenter whose text encoder learns, or that reads no text.
 */
export async function rememberTexts(segmenter: Segmenter, store: FrozenStore): Promise<void> {
  if (segmenter instanceof BiPVLSeg) await segmenter.rememberTexts(store);
}
