import { checkSameGrid } from './check-same-grid.js';
import type { Fault } from './fault.js';
import type { VolumeFacts } from './volume-facts.js';

/** An image file and what was seen of it. */
export interface SeenImage {
  readonly file: string;
  readonly facts: VolumeFacts;
}

/** Faults of the channels of a case together: their number, their grids, and one file given twice. */
export function checkChannels(images: readonly SeenImage[], channelNames: readonly string[]): Fault[] {
  const [first, ...rest] = images;
  if (first === undefined) return [];
  const faults: Fault[] = [];
  const found = images.reduce((sum, { facts }) => sum + facts.channels, 0);
  if (channelNames.length > 0 && found !== channelNames.length) {
    const fault = `has ${found} channel(s), the manifest names ${channelNames.length} (${channelNames.join(', ')})`;
    const mend = 'correct modality (channel_names) in dataset.json, or the image';
    faults.push({ rule: 'channel-count', file: first.file, fault, mend, severity: 'error' });
  }
  for (const { file, facts } of rest) {
    const mend = 'resample the channels of a case to one grid';
    faults.push(...checkSameGrid(file, facts, first.facts, { other: 'the first channel', mend }));
  }
  return faults;
}
