import { NetworkError, type Triple } from '@bipvl/nn';
import { type MedFormerLayout, type MedFormerShape, medFormerLayouts } from './medformer-layouts.js';
import type { MedFormerActivation, MedFormerForm, MedFormerNormalisation } from './medformer-unit.js';
import { checkedChannels, countsPerStage, kernelsPerStage, stridesPerStage } from './per-stage.js';

export interface MedFormerOptions extends Partial<MedFormerShape> {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** The published configuration that holds where nothing else is said. Default 'amos'. */
  readonly layout?: MedFormerLayout;
  /** Of the five levels, fine to deep; the decoder has those of the encoder. Default [32, 64, 128, 256, 320]. */
  readonly channels?: readonly number[];
  /** Layers of the transformer that joins the maps. Default 2. */
  readonly fusionDepth?: number;
  /** Inner channels of the feed-forward parts for each channel. Default 4. */
  readonly expansion?: number;
  /** Whether a filter a channel comes before each 1x1x1 convolution of attention, feed-forward part and merging. Default 'depthwise'. */
  readonly projection?: 'depthwise' | 'linear';
  /** Default 'instance'. */
  readonly normalisation?: MedFormerNormalisation;
  /** Default 'relu'. */
  readonly activation?: MedFormerActivation;
  /** Where heads do not divide the channels, as many channels are used as they do divide, as in the release. Default false: an error. */
  readonly unevenHeads?: boolean;
}

/** The options with every default filled in and one entry a level. */
export interface MedFormerSettings extends Omit<MedFormerShape, 'kernels' | 'strides' | 'mapSides'> {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly channels: readonly number[];
  readonly kernels: readonly Triple[];
  readonly strides: readonly Triple[];
  /** Tokens of a map. */
  readonly mapTokens: number;
  readonly fusionDepth: number;
  readonly expansion: number;
  readonly projection: 'depthwise' | 'linear';
  readonly form: MedFormerForm;
}

/** The network's name in an error. */
export const medFormerName = 'MedFormer';

const levels = 5;

/**
 * What options mean: the layout's numbers where they give none, one entry a level.
 * @throws NetworkError `backbone-options` where lists do not go together, `heads-do-not-divide` where channels and heads do not.
 */
export function medFormerSettings(options: MedFormerOptions): MedFormerSettings {
  const given = { ...medFormerLayouts[options.layout ?? 'amos'], ...options };
  const { channels = [32, 64, 128, 256, 320], normalisation = 'instance', activation = 'relu' } = options;
  const { fusionDepth = 2, expansion = 4, projection = 'depthwise' } = options;
  if (channels.length !== levels) throw notFiveLevels(channels);
  const settings: MedFormerSettings = {
    ...given,
    channels: checkedChannels(medFormerName, channels, levels),
    kernels: kernelsPerStage(medFormerName, given.kernels, levels),
    strides: stridesPerStage(medFormerName, given.strides, levels),
    mapTokens: counted('mapSides', given.mapSides, 3).reduce((product, side) => product * side, 1),
    ...checkedCounts(given),
    fusionDepth: counted('fusionDepth', [fusionDepth], 1)[0] as number,
    expansion: counted('expansion', [expansion], 1)[0] as number,
    projection,
    form: { normalisation, activation },
  };
  checkStrides(settings.strides);
  if (options.unevenHeads !== true) checkHeads(settings);
  if (normalisation === 'instance' && settings.mapTokens === 1) throw singleToken();
  return settings;
}

type Counts = Pick<
  MedFormerShape,
  'blocksDown' | 'blocksUp' | 'attentionDown' | 'attentionUp' | 'headsDown' | 'headsUp'
>;

function checkedCounts(given: Counts): Counts {
  const blocksUp = countsPerStage(medFormerName, 'blocksUp', given.blocksUp, 4, 0);
  // Above the levels with attention the first block is what reduces the channels.
  counted('blocksUp of the two finest levels', blocksUp.slice(2), 2);
  return {
    blocksDown: countsPerStage(medFormerName, 'blocksDown', given.blocksDown, 4, 0),
    blocksUp,
    attentionDown: counted('attentionDown', given.attentionDown, 3),
    attentionUp: counted('attentionUp', given.attentionUp, 2),
    headsDown: counted('headsDown', given.headsDown, 3),
    headsUp: counted('headsUp', given.headsUp, 2),
  };
}

function counted(option: string, values: readonly number[], length: number): readonly number[] {
  return countsPerStage(medFormerName, option, values, length);
}

function checkStrides(strides: readonly Triple[]): void {
  const wide = strides.find((stride) => stride.some((step) => step > 2));
  if (wide === undefined) return;
  throw new NetworkError('backbone-options', `MedFormer expects strides of 1 or 2, received [${wide}]`, {
    hint: `use [${wide.map((step) => Math.min(step, 2))}]`,
  });
}

function checkHeads({ channels, headsDown, headsUp }: MedFormerSettings): void {
  const [, , fine, middle, deep] = channels as [number, number, number, number, number];
  const pairs = [
    ...[fine, middle, deep].map((width, level) => [width, headsDown[level] as number] as const),
    ...[middle, fine].map((width, level) => [width, headsUp[level] as number] as const),
  ];
  for (const [width, heads] of pairs) if (width % heads !== 0) throw indivisible(width, heads);
}

function indivisible(width: number, heads: number): NetworkError {
  const nearest = Math.max(1, Math.round(width / heads)) * heads;
  const divisors = Array.from({ length: width }, (_, i) => i + 1).filter((count) => width % count === 0);
  const fewest = divisors.reduce((best, count) =>
    Math.abs(count - heads) < Math.abs(best - heads) ? count : best,
  );
  return new NetworkError(
    'heads-do-not-divide',
    `MedFormer's level of ${width} channels is no multiple of its ${heads} heads`,
    {
      hint: `use ${fewest} heads, or ${nearest} channels, or unevenHeads: true, which leaves the rest out`,
    },
  );
}

function notFiveLevels(channels: readonly number[]): NetworkError {
  return new NetworkError(
    'backbone-options',
    `MedFormer expects channels of ${levels} levels, received [${channels}]`,
    { hint: 'give the channels of the full size and of four levels below it' },
  );
}

/** Instance norm of one token is zero whatever comes in. */
function singleToken(): NetworkError {
  return new NetworkError(
    'backbone-options',
    'MedFormer with instance norm expects maps of two tokens or more, received mapSides [1,1,1]',
    { hint: "use mapSides [2,1,1] or more, or normalisation 'layer'" },
  );
}
