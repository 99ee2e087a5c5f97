import { NetworkError, type Triple } from '@bipvl/nn';
import { publishedBlocks } from './nnunet-residual-encoder.js';
import { type NnUNetTopology, nnUNetTopology } from './nnunet-topology.js';

/** nnU-Net's residual encoders by the memory of the GPU they were planned for: about 9, 24 and 40 GB. */
export type ResidualEncoderPreset = 'M' | 'L' | 'XL';

/** What a preset is planned for. */
export interface PresetData {
  /** mm along D, H and W, after resampling. */
  readonly spacing: Triple;
  /** Median sides of the images in voxels, after resampling. */
  readonly medianShape: Triple;
  /** Classes, background included. */
  readonly outputChannels: number;
}

/** A patch, how many of them a step takes, and the options of `createNnUNetResidualEncoder` that go with them. */
export interface ResidualEncoderPlan {
  readonly patch: Triple;
  /** Not yet bounded by the size of a dataset: nnU-Net takes no more voxels a step than there are. */
  readonly batch: number;
  readonly options: {
    readonly channels: readonly number[];
    readonly kernels: readonly Triple[];
    readonly strides: readonly Triple[];
    readonly blocks: readonly number[];
    readonly decoderConvolutions: readonly number[];
  };
}

/** Numbers in the feature maps of one image, of which batches of two fill the memory (Isensee et al. 2024, arXiv 2404.09556). */
const budgets: Readonly<Record<ResidualEncoderPreset, number>> = { M: 680e6, L: 2100e6, XL: 3600e6 };

/**
 * Plans a residual encoder as nnU-Net's planners `ResEncM`, `ResEncL` and `ResEncXL` do. The presets have the same blocks and channels a
 * stage; a larger one affords a larger patch, and with it more stages.
 * @throws NetworkError `backbone-options` for an unknown preset, or where shape or spacing is not legal.
 */
export function planResidualEncoder(preset: ResidualEncoderPreset, data: PresetData): ResidualEncoderPlan {
  if (!Object.hasOwn(budgets, preset)) throw unknown(preset);
  const budget = budgets[preset];
  let topology = nnUNetTopology(largestPatch(data), data.spacing);
  while (featureNumbers(topology, data.outputChannels) > budget) topology = smaller(topology, data);
  const { patch, channels, kernels, strides } = topology;
  return {
    patch,
    batch: Math.max(2, Math.round((2 * budget) / featureNumbers(topology, data.outputChannels))),
    options: {
      channels,
      kernels,
      strides,
      blocks: publishedBlocks(channels.length),
      decoderConvolutions: channels.slice(1).map(() => 1),
    },
  };
}

/** As many mm along every axis, as many voxels as 256^3, and nowhere more than the median image. */
function largestPatch({ spacing, medianShape }: PresetData): Triple {
  const [d, h, w] = spacing;
  const side = 256 * Math.cbrt(d * h * w);
  return medianShape.map((most, axis) =>
    Math.min(most, Math.round(side / (spacing[axis] as number))),
  ) as unknown as Triple;
}

/** One step shorter along the axis that covers most of the median image. */
function smaller({ patch, strides }: NnUNetTopology, { spacing, medianShape }: PresetData): NnUNetTopology {
  const axis = widestAxis(patch, medianShape);
  // The step may be too long: a shorter patch is often halved less often, and then has a shorter step.
  const tried = nnUNetTopology(shortened(patch, axis, factorOf(strides, axis)), spacing);
  return nnUNetTopology(shortened(patch, axis, factorOf(tried.strides, axis)), spacing);
}

/** The last of those that cover equally much. */
function widestAxis(patch: Triple, medianShape: Triple): number {
  const covered = patch.map((side, axis) => side / (medianShape[axis] as number));
  return covered.lastIndexOf(Math.max(...covered));
}

function shortened(patch: Triple, axis: number, step: number): Triple {
  return patch.map((side, each) => (each === axis ? side - step : side)) as unknown as Triple;
}

function factorOf(strides: readonly Triple[], axis: number): number {
  return strides.reduce((product, stride) => product * (stride[axis] as number), 1);
}

/** Numbers in all outputs of convolutions for one image, the logits included: nnU-Net's measure of memory. */
function featureNumbers({ patch, channels, strides }: NnUNetTopology, outputChannels: number): number {
  const blocks = publishedBlocks(channels.length);
  let voxels = product(patch);
  let total = voxels * ((channels[0] as number) + outputChannels);
  for (const [stage, width] of channels.entries()) {
    const stride = product(strides[stage] as Triple);
    voxels /= stride;
    const shortcut = stride > 1 || (channels[stage - 1] ?? channels[0]) !== width ? 1 : 0;
    // Below the last stage nothing comes back up: one transposed and one further convolution.
    const up = stage < channels.length - 1 ? 2 : 0;
    total += voxels * width * (2 * (blocks[stage] as number) + shortcut + up);
  }
  return total;
}

function product(values: Triple): number {
  return values[0] * values[1] * values[2];
}

function unknown(preset: string): NetworkError {
  return new NetworkError(
    'backbone-options',
    `there is no preset '${preset}' of nnU-Net ResEnc; expected one of: ${Object.keys(budgets).join(', ')}`,
    { hint: 'M, L and XL were planned for GPUs of about 9, 24 and 40 GB' },
  );
}
