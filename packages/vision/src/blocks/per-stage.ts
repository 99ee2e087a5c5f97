import { NetworkError, type Triple, triple } from '@bipvl/nn';

/** One value for all stages, or a list of one a stage. */
export type PerStage<T> = T | readonly T[];

/** Sides or strides: one number for all stages and axes, or a list of one entry a stage, a number or one an axis. */
export type SidesPerStage = number | readonly (number | Triple)[];

/**
 * Counts of each stage, `least` (default 1) or more.
 * @throws NetworkError `backbone-options` where a list has another length or a count is not a whole number from `least` on.
 */
export function countsPerStage(
  network: string,
  option: string,
  value: PerStage<number>,
  stages: number,
  least: 0 | 1 = 1,
): readonly number[] {
  const counts = typeof value === 'number' ? Array.from({ length: stages }, () => value) : value;
  if (counts.length !== stages) throw uneven(network, option, counts.length, stages);
  if (!counts.every((count) => isCount(count + 1 - least))) throw notCounts(network, option, counts, least);
  return counts;
}

/** Sides of each stage along three axes. @throws NetworkError `backbone-options` as `countsPerStage`. */
export function sidesPerStage(
  network: string,
  option: string,
  value: SidesPerStage,
  stages: number,
): readonly Triple[] {
  const sides = typeof value === 'number' ? Array.from({ length: stages }, () => value) : value;
  if (sides.length !== stages) throw uneven(network, option, sides.length, stages);
  const triples = sides.map(triple);
  if (!triples.every((each) => each.length === 3 && each.every(isCount)))
    throw notCounts(network, option, sides);
  return triples;
}

/**
 * Strides into each stage: a number holds for all but the first, which keeps the sides so that the logits have those of the image.
 * @throws NetworkError `backbone-options` as `countsPerStage`, or where the first is not 1.
 */
export function stridesPerStage(network: string, value: SidesPerStage, stages: number): readonly Triple[] {
  const list =
    typeof value === 'number' ? Array.from({ length: stages }, (_, i) => (i === 0 ? 1 : value)) : value;
  const strides = sidesPerStage(network, 'strides', list, stages);
  if (strides[0]?.some((step) => step !== 1)) throw stridedStart(network, strides[0]);
  return strides;
}

/** Sides of filters, which must be odd to keep the middle. @throws NetworkError `backbone-options` as `countsPerStage`, or at an even side. */
export function kernelsPerStage(network: string, value: SidesPerStage, stages: number): readonly Triple[] {
  const kernels = sidesPerStage(network, 'kernels', value, stages);
  const even = kernels.find((kernel) => kernel.some((side) => side % 2 === 0));
  if (even) throw evenKernel(network, even);
  return kernels;
}

/** Channels of each stage. @throws NetworkError `backbone-options` where there are fewer than `least` or one is not a count. */
export function checkedChannels(
  network: string,
  channels: readonly number[],
  least: number,
): readonly number[] {
  if (channels.length < least) throw tooFew(network, channels.length, least);
  if (!channels.every(isCount)) throw notCounts(network, 'channels', channels);
  return channels;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function uneven(network: string, option: string, length: number, stages: number): NetworkError {
  return wrong(
    `${network} expects ${stages} ${option}, received ${length}`,
    `give ${option} as one number or a list of ${stages}`,
  );
}

function notCounts(
  network: string,
  option: string,
  values: readonly unknown[],
  least: 0 | 1 = 1,
): NetworkError {
  return wrong(
    `${network} expects whole numbers ${least === 0 ? 'from 0 on' : 'above 0'} as ${option}, received ${JSON.stringify(values)}`,
    'a side or a stride is a number or three, along D, H and W',
  );
}

function stridedStart(network: string, stride: Triple): NetworkError {
  return wrong(
    `${network} expects a stride of 1 into its first stage, received [${stride}]`,
    'its logits have the sides of the first stage, which must be those of the image',
  );
}

function evenKernel(network: string, kernel: Triple): NetworkError {
  return wrong(`${network} expects kernels of odd sides, received [${kernel}]`, 'use sides of 1, 3, 5 ...');
}

function tooFew(network: string, channels: number, least: number): NetworkError {
  return wrong(
    `${network} expects at least ${least} stages, received ${channels} channels`,
    `give the channels of ${least} stages or more`,
  );
}

function wrong(message: string, hint: string): NetworkError {
  return new NetworkError('backbone-options', message, { hint });
}
