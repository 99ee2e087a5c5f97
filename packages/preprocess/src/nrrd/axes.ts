import { BROKEN_HEADER, CONVERT, type Refuse } from '../attached/refuse.js';
import type { Shape3 } from '../volume.js';

/** The axes of an NRRD sorted by use. */
export interface NrrdAxes {
  readonly shape: Shape3;
  readonly channels: number;
  /** Index of the axis of channels, undefined when there is none. */
  readonly channelAxis: number | undefined;
  /** Indices of the two or three axes of space. */
  readonly spatial: readonly number[];
}

// Kinds (after the definition) whose numbers are no intensities that can be told apart.
const REFUSED_KINDS = /^(rgb-color|rgba-color|hsv-color|xyz-color|complex|.*matrix|quaternion|.*masked.*)$/i;

/**
 * Sorts the axes: those with a direction are space, at most one may hold channels. Without directions, the axis whose
 * kind is not a domain, or else the fourth, holds them. Throws `nrrd-unsupported` and `nrrd-bad-header`.
 */
export function sortAxes(
  sizes: readonly number[],
  directions: readonly (string | undefined)[] | undefined,
  kinds: readonly string[] | undefined,
  refuse: Refuse,
): NrrdAxes {
  const refused = kinds?.find((kind) => REFUSED_KINDS.test(kind));
  if (refused !== undefined) throw refuse('unsupported', `has an axis of kind ${refused}`, CONVERT);
  const isChannel = (axis: number): boolean =>
    directions === undefined ? isListed(kinds?.[axis], axis) : directions[axis] === undefined;
  const all = sizes.map((_, axis) => axis);
  const spatial = all.filter((axis) => !isChannel(axis));
  const others = all.filter(isChannel);
  if (others.length > 1 || spatial.length < 2 || spatial.length > 3) {
    const fault = `has ${spatial.length} axes of space and ${others.length} others, expected 2 or 3 and at most 1`;
    throw refuse('unsupported', fault, 'split it so that one axis holds the channels');
  }
  const [channelAxis] = others;
  if (channelAxis !== undefined && channelAxis !== 0 && channelAxis !== sizes.length - 1) {
    throw refuse('unsupported', 'has its channels between the axes of space', CONVERT);
  }
  const [x = 1, y = 1, z = 1] = spatial.map((axis) => sizes[axis] as number);
  return {
    shape: [x, y, z],
    channels: channelAxis === undefined ? 1 : (sizes[channelAxis] as number),
    channelAxis,
    spatial,
  };
}

function isListed(kind: string | undefined, axis: number): boolean {
  const named = kind !== undefined && kind !== '???' && kind.toLowerCase() !== 'none';
  return named ? !/^(domain|space)$/i.test(kind) : axis === 3;
}

/** The words of a per-axis field. Throws `nrrd-bad-header` unless there is one for each axis. */
export function perAxisWords(
  words: readonly string[],
  axes: number,
  field: string,
  refuse: Refuse,
): readonly string[] {
  if (words.length === axes) return words;
  throw refuse('bad-header', `${field} has ${words.length} entries for ${axes} axes`, BROKEN_HEADER);
}
