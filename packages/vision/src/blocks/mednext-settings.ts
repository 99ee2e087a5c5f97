import { countsPerStage, kernelsPerStage, type PerStage } from './per-stage.js';

/** The four sizes of the paper. */
export type MedNeXtSize = 'S' | 'B' | 'M' | 'L';

/** Blocks and expansions; what is left out is that of the size. */
export interface MedNeXtShape {
  /** Default 'S'. */
  readonly size?: MedNeXtSize;
  /** Side of the depthwise filters, odd: 3 and 5 are published. Default 3. */
  readonly kernel?: number;
  /** Channels of the first stage; every further one has twice as many. Default 32. */
  readonly filters?: number;
  /** Blocks of each encoder stage, fine to deep; the last is the bottleneck. S and B: 2 each; M: [3, 4, 4, 4, 4]; L: [3, 4, 8, 8, 8]. */
  readonly blocksDown?: PerStage<number>;
  /** Blocks of each decoder level, deep to fine. Default those of the encoder, mirrored. */
  readonly blocksUp?: PerStage<number>;
  /**
   * Inner channels of the blocks for each channel, by encoder stage; a block between two stages has that of the upper. S: 2; B and M:
   * [2, 3, 4, 4, 4]; L: [3, 4, 8, 8, 8].
   */
  readonly expansionsDown?: PerStage<number>;
  /** The same by decoder level, deep to fine. Default those of the encoder, mirrored. */
  readonly expansionsUp?: PerStage<number>;
  /** Adds the input of each block. Default true. */
  readonly residual?: boolean;
}

/** The shape with one entry a stage or level. */
export interface MedNeXtSettings {
  readonly kernel: number;
  readonly residual: boolean;
  readonly channels: readonly number[];
  readonly blocksDown: readonly number[];
  readonly blocksUp: readonly number[];
  readonly expansionsDown: readonly number[];
  readonly expansionsUp: readonly number[];
}

const sizes: Readonly<Record<MedNeXtSize, { blocks: readonly number[]; expansions: readonly number[] }>> = {
  S: { blocks: [2, 2, 2, 2, 2], expansions: [2, 2, 2, 2, 2] },
  B: { blocks: [2, 2, 2, 2, 2], expansions: [2, 3, 4, 4, 4] },
  M: { blocks: [3, 4, 4, 4, 4], expansions: [2, 3, 4, 4, 4] },
  L: { blocks: [3, 4, 8, 8, 8], expansions: [3, 4, 8, 8, 8] },
};

const name = 'MedNeXt';

/**
 * What a shape means: its size's numbers where it gives none, one entry a stage or level.
 * @throws NetworkError `backbone-options` where lists do not go together or the kernel is even.
 */
export function medNeXtSettings(shape: MedNeXtShape): MedNeXtSettings {
  const { size = 'S', kernel = 3, filters = 32, residual = true } = shape;
  const published = sizes[size];
  const down = shape.blocksDown ?? published.blocks;
  const stages = typeof down === 'number' ? published.blocks.length : Math.max(2, down.length);
  const blocksDown = countsPerStage(name, 'blocksDown', down, stages);
  const expansions = shape.expansionsDown ?? published.expansions;
  const expansionsDown = countsPerStage(name, 'expansionsDown', expansions, stages);
  kernelsPerStage(name, kernel, 1);
  return {
    kernel,
    residual,
    channels: blocksDown.map((_, stage) => filters * 2 ** stage),
    blocksDown,
    expansionsDown,
    blocksUp: countsPerStage(name, 'blocksUp', shape.blocksUp ?? mirrored(blocksDown), stages - 1),
    expansionsUp: countsPerStage(
      name,
      'expansionsUp',
      shape.expansionsUp ?? mirrored(expansionsDown),
      stages - 1,
    ),
  };
}

/** The stages above the bottleneck, deep to fine. */
function mirrored(values: readonly number[]): number[] {
  return values.slice(0, -1).reverse();
}
