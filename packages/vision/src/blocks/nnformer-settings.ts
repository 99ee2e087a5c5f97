import { NetworkError, type Triple, triple } from '@bipvl/nn';
import { dropPathRamp } from './drop-path-ramp.js';
import { nnFormerGrids } from './nnformer-grids.js';
import { type NnFormerForm, type NnFormerLayout, nnFormerForms } from './nnformer-layouts.js';
import { type NnFormerWindows, nnFormerWindows, type RelativeIndex } from './nnformer-windows.js';
import { countsPerStage, type PerStage, sidesPerStage } from './per-stage.js';

/** Shape of an nnFormer; what is left out is that of its layout. */
export interface NnFormerShape {
  /** Default 'isotropic'. */
  readonly layout?: NnFormerLayout;
  /** Sides of the images in voxels; tables of positions have their sizes from them, so that a network is for images of one size. */
  readonly imageSides?: number | Triple;
  /** Channels of the first stage, even; each stage doubles it. Divisible by the heads of each stage. */
  readonly width?: number;
  /** Attention heads of the four stages, fine to deep. */
  readonly heads?: readonly number[];
  /** Attention heads of the three decoder levels, fine to deep. Default those of the stage they return to; 'tumour': of the stage below. */
  readonly decoderHeads?: readonly number[];
  /** Blocks of each stage and of the decoder level that returns to it. Default 2. */
  readonly depths?: PerStage<number>;
  /** Windows of each stage in tokens: a number for a cube that shrinks with the grid, three for sides that stay. */
  readonly windows?: readonly (number | Triple)[];
  /** Keeps tokens apart that only a shift brings together. Default true; 'acdc': false, as published. */
  readonly shiftMask?: boolean;
  /** Rows of the tables of position biases. Default 'released', which the published weights were trained with. */
  readonly relativeIndex?: RelativeIndex;
  /** Stochastic depth of the last block of the encoder and of the decoder; it grows from 0 at the first of each. Default 0.2. */
  readonly dropPath?: number;
}

/** One stage, or the decoder level that returns to it. */
export interface NnFormerStageSettings extends NnFormerWindows {
  readonly sides: Triple;
  readonly width: number;
  readonly heads: number;
  /** Rate of each block. */
  readonly dropPaths: readonly number[];
}

/** The shape with every default filled in. */
export interface NnFormerSettings extends Pick<NnFormerForm, 'stem' | 'reductions' | 'deepSupervision'> {
  readonly imageSides: Triple;
  /** Fine to deep. */
  readonly stages: readonly NnFormerStageSettings[];
  /** Decoder levels, fine to deep. */
  readonly levels: readonly NnFormerStageSettings[];
}

const name = 'nnFormer';

/** @throws NetworkError `backbone-options` where lists or sides do not go together, `heads-do-not-divide` naming the nearest width. */
export function nnFormerSettings(shape: NnFormerShape): NnFormerSettings {
  const form = nnFormerForms[shape.layout ?? 'isotropic'];
  const imageSides = triple(shape.imageSides ?? form.imageSides);
  const grids = nnFormerGrids(form, imageSides);
  const {
    width = form.width,
    relativeIndex = 'released',
    shiftMask = form.shiftMask,
    dropPath = 0.2,
  } = shape;
  const heads = countsPerStage(name, 'heads', shape.heads ?? form.heads, 4);
  const ownHeads = heads.slice(form.decoderHeadsFrom, form.decoderHeadsFrom + 3);
  const decoderHeads = countsPerStage(name, 'decoderHeads', shape.decoderHeads ?? ownHeads, 3);
  checkWidth(width, [heads, decoderHeads]);
  const windows = shape.windows ?? form.windows;
  sidesPerStage(name, 'windows', windows, 4);
  const depths = countsPerStage(name, 'depths', shape.depths ?? 2, 4);
  const stages = grids.map((sides, stage) => ({
    ...nnFormerWindows(sides, { window: windows[stage] as number | Triple, relativeIndex, shiftMask }),
    sides,
    width: width * 2 ** stage,
  }));
  const down = dropPathRamp(dropPath, depths);
  // The decoder's ramp runs deep to fine.
  const up = dropPathRamp(dropPath, depths.slice(0, -1).reverse()).toReversed();
  return {
    ...form,
    imageSides,
    stages: stages.map((stage, index) => ({
      ...stage,
      heads: heads[index] as number,
      dropPaths: down[index] as readonly number[],
    })),
    levels: stages.slice(0, -1).map((stage, index) => ({
      ...stage,
      heads: decoderHeads[index] as number,
      dropPaths: up[index] as readonly number[],
    })),
  };
}

/** The stem halves the width, and the heads of each stage and level divide that of the stage. */
function checkWidth(width: number, lists: readonly (readonly number[])[]): void {
  const steps = lists.flatMap((heads) =>
    heads.map((count, stage) => count / greatestDivisor(count, 2 ** stage)),
  );
  const step = steps.reduce((common, each) => (common * each) / greatestDivisor(common, each), 2);
  if (Number.isInteger(width) && width >= 1 && width % step === 0) return;
  throw new NetworkError(
    'heads-do-not-divide',
    `${name} with these heads expects a width that is a multiple of ${step}, received ${width}`,
    { hint: `use a width of ${Math.max(1, Math.round(width / step)) * step}, or other heads` },
  );
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
