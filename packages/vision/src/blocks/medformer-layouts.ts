import type { SidesPerStage } from './per-stage.js';

/** A configuration that the authors published, by the data set it is for. */
export type MedFormerLayout = 'amos' | 'kits' | 'lits' | 'bcv' | 'acdc';

/** What the published configurations differ in. */
export interface MedFormerShape {
  /** Sides of the filters of each level, fine to deep. */
  readonly kernels: SidesPerStage;
  /** Into each level, 1 or 2 an axis; the first is 1. */
  readonly strides: SidesPerStage;
  /** Sides of the semantic maps, in tokens; only their product counts. */
  readonly mapSides: readonly [number, number, number];
  /** Residual blocks of convolutions of the four levels below the first, fine to deep. */
  readonly blocksDown: readonly number[];
  /** The same of the four decoder levels, deep to fine. */
  readonly blocksUp: readonly number[];
  /** Blocks of bidirectional attention of the three deepest levels, fine to deep, and their heads. */
  readonly attentionDown: readonly number[];
  readonly headsDown: readonly number[];
  /** The same of the two deepest decoder levels, deep to fine. */
  readonly attentionUp: readonly number[];
  readonly headsUp: readonly number[];
  /** Width and heads of the transformer that joins the maps. */
  readonly fusionWidth: number;
  readonly fusionHeads: number;
  /** Logits of the second decoder level, `auxiliary`, enlarged to the size of the image. */
  readonly deepSupervision: boolean;
}

const amos: MedFormerShape = {
  kernels: 3,
  strides: 2,
  mapSides: [4, 4, 4],
  blocksDown: [2, 1, 0, 0],
  blocksUp: [0, 1, 2, 2],
  attentionDown: [1, 4, 6],
  headsDown: [4, 8, 10],
  attentionUp: [4, 1],
  headsUp: [8, 4],
  fusionWidth: 320,
  fusionHeads: 10,
  deepSupervision: true,
};

const kits: MedFormerShape = {
  ...amos,
  blocksDown: [2, 0, 0, 0],
  blocksUp: [0, 0, 2, 2],
  attentionDown: [2, 4, 6],
  attentionUp: [4, 2],
};

const bcv: MedFormerShape = {
  ...kits,
  kernels: [[1, 3, 3], [1, 3, 3], 3, 3, 3],
  strides: [1, [1, 2, 2], [1, 2, 2], 2, 2],
  mapSides: [3, 3, 3],
};

/** The published configurations (github.com/yhygao/CBIM-Medical-Image-Segmentation, `config`). */
export const medFormerLayouts: { readonly [Layout in MedFormerLayout]: MedFormerShape } = {
  amos,
  kits,
  lits: { ...kits, headsDown: [1, 1, 1], headsUp: [1, 1], deepSupervision: false },
  bcv,
  acdc: {
    ...bcv,
    mapSides: [2, 6, 6],
    attentionDown: [2, 2, 2],
    headsDown: [4, 4, 4],
    attentionUp: [2, 2],
    headsUp: [4, 4],
    fusionWidth: 256,
    fusionHeads: 4,
  },
};
