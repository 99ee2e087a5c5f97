import { PreprocessError } from '../errors.js';
import type { Volume } from '../volume.js';
import { requireOneChannel } from './one-channel.js';

/** A region that is made of labels and may overlap others, e.g. the whole tumour. */
export interface Region {
  readonly name: string;
  readonly labels: readonly number[];
}

/**
 * One channel for each region, in order, 1 where a voxel has one of its labels: `[D, H, W, R]`, uint8 (BraTS: tumour
 * core, whole tumour, enhancing tumour). Throws `bad-regions`, `mask-channels`, `volume-size`.
 */
export function labelRegions(volume: Volume, regions: readonly Region[]): Volume<Uint8Array> {
  requireOneChannel(volume);
  checkRegions(regions);
  const channels = regions.length;
  const data = new Uint8Array(volume.data.length * channels);
  const members = membersByLabel(regions);
  let last = 0;
  let inside: Uint8Array | undefined;
  for (let i = 0; i < volume.data.length; i += 1) {
    const value = volume.data[i] as number;
    if (value !== last) {
      inside = members.get(value);
      last = value;
    }
    if (inside !== undefined) data.set(inside, i * channels);
  }
  return { ...volume, data, channels };
}

/** For each label, a 1 in the place of each region that it is part of. */
function membersByLabel(regions: readonly Region[]): Map<number, Uint8Array> {
  const labels = new Set(regions.flatMap((region) => region.labels));
  return new Map(
    [...labels].map((label) => [
      label,
      Uint8Array.from(regions, (region) => (region.labels.includes(label) ? 1 : 0)),
    ]),
  );
}

function checkRegions(regions: readonly Region[]): void {
  if (regions.length === 0) throw badRegions('there are none');
  const empty = regions.find(({ labels }) => labels.length === 0);
  if (empty !== undefined) throw badRegions(`${empty.name} has no labels`);
  const odd = regions.find(({ labels }) => !labels.every((label) => Number.isInteger(label) && label !== 0));
  if (odd !== undefined) throw badRegions(`${odd.name} has the labels ${odd.labels.join(', ')}`);
  const names = new Set(regions.map(({ name }) => name));
  if (names.size < regions.length) throw badRegions('two of them have one name');
}

function badRegions(fault: string): PreprocessError {
  return new PreprocessError('bad-regions', `regions: ${fault}`, {
    kind: 'usage',
    hint: 'give each a name and its labels, whole numbers but 0, e.g. { name: "whole tumour", labels: [1, 2, 3] }',
  });
}
