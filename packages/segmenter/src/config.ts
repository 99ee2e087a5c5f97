/** Sides along [D, H, W], in voxels. */
export type Sides = [number, number, number];

/** A class to segment: its value in the masks, and its name. */
export interface Label {
  id: number;
  name: string;
}

/** What the network looks at. */
export interface ImageConfig {
  /** Channels of the image. Default 1. */
  channels: number;
  /** Sides of a patch; the class embedding ties a network with alignment to them. */
  patch: Sides;
}

/** The options of `createUNet` in @bipvl/vision, with its defaults. */
export interface UNetConfig {
  name: 'unet';
  channels: number[];
  strides: (number | Sides)[];
  residualUnits: number;
  kernel: number;
  normalisation: 'instance' | 'batch';
  activation: 'prelu' | { leakyRelu: number };
  bias: boolean | 'unnormalised';
  normaliseShortcut: boolean;
  head: 'transposed' | 'convolution';
}

/** The options of `createSegResNet` in @bipvl/vision, with its defaults. */
export interface SegResNetConfig {
  name: 'segresnet';
  filters: number;
  groups: number;
  blocksDown: number[];
  blocksUp: number[];
  dropout: number;
  upsampling: 'trilinear' | 'transposed';
}

/** What nnU-Net's networks and MONAI's after them have in common. */
interface StagedUNetConfig {
  channels: number[];
  kernels: number | (number | Sides)[];
  strides: number | (number | Sides)[];
  normalisation: 'instance' | 'batch';
  activation: { leakyRelu: number };
}

/** The options of `createNnUNetPlain` in @bipvl/vision, with its defaults. */
export interface NnUNetPlainConfig extends StagedUNetConfig {
  name: 'nnunet-plain';
  convolutions: number | number[];
  decoderConvolutions: number | number[];
  bias: boolean | 'unnormalised';
  deepSupervision: boolean;
}

/** The options of `createNnUNetResidualEncoder` in @bipvl/vision, with its defaults. */
export interface NnUNetResidualEncoderConfig extends StagedUNetConfig {
  name: 'nnunet-residual-encoder';
  blocks: number | number[];
  decoderConvolutions: number | number[];
  bias: boolean | 'unnormalised';
  deepSupervision: boolean;
}

/** The options of `createDynUNet` in @bipvl/vision, with its defaults. */
export interface DynUNetConfig extends StagedUNetConfig {
  name: 'dynunet';
  residual: boolean;
  deepSupervision: number;
  upsampleBias: boolean;
}

/** The options of `createUNetPlusPlus` in @bipvl/vision, with its defaults. */
export interface UNetPlusPlusConfig {
  name: 'unet-plusplus';
  channels: number[];
  lastChannels: number;
  deepSupervision: boolean;
  normalisation: 'instance' | 'batch';
  activation: { leakyRelu: number };
  bias: boolean | 'unnormalised';
}

/** The options of `createMedNeXt` in @bipvl/vision, with its defaults; what is left out is that of the size. */
export interface MedNeXtConfig {
  name: 'mednext';
  size: 'S' | 'B' | 'M' | 'L';
  kernel: number;
  filters: number;
  blocksDown?: number | number[];
  blocksUp?: number | number[];
  expansionsDown?: number | number[];
  expansionsUp?: number | number[];
  residual: boolean;
  deepSupervision: boolean;
}

/** The options of `createSwinUNETR` in @bipvl/vision, with its defaults. */
export interface SwinUNETRConfig {
  name: 'swin-unetr';
  version: 1 | 2;
  width: number;
  depths: [number, number, number, number];
  heads: [number, number, number, number];
  window: number | Sides;
  mlpRatio: number;
  qkvBias: boolean;
  patchNormalisation: boolean;
  normalise: boolean;
  merging: 'legacy' | 'legacy-corrected' | 'v2';
  normalisation: 'instance' | 'batch' | { groups: number };
  dropout: number;
  attentionDropout: number;
  dropPath: number;
}

/** The options of `createUNETR` in @bipvl/vision, with its defaults; its image has the sides of a patch. */
export interface UNETRConfig {
  name: 'unetr';
  filters: number;
  width: number;
  mlpWidth: number;
  heads: number;
  normalisation: 'instance' | 'batch' | { groups: number };
  convolutions: boolean;
  residual: boolean;
  qkvBias: boolean;
  dropout: number;
}

/** A backbone by its name, with its options. */
export type BackboneConfig =
  | UNetConfig
  | SegResNetConfig
  | UNetPlusPlusConfig
  | MedNeXtConfig
  | NnUNetPlainConfig
  | NnUNetResidualEncoderConfig
  | DynUNetConfig
  | SwinUNETRConfig
  | UNETRConfig;

/** The text encoder; defaults are BERT-base divided as the paper has it. */
export interface TextConfig {
  width: number;
  layers: number;
  heads: number;
  intermediate: number;
  /** Layers of each stage; one stage a fusion site. */
  stages: number[];
  dropout: number;
  positions: number;
  /** Longest sentence and longest concept, in tokens; a longer text is an error. */
  maxSentenceTokens: number;
  maxConceptTokens: number;
}

/** How text and vision meet. */
export interface FusionConfig {
  name: 'bifusion';
  /** At every stage, once after the last (the paper's late fusion), or nowhere. Default 'every-stage'. */
  mode: 'every-stage' | 'late' | 'none';
  heads: number;
  hidden: number;
  visionSelfAttention: 'window' | 'dense' | 'none';
  window: number;
  selfAttentionResidual: boolean;
  textResidual: boolean;
  zeroInitialised: boolean;
}

/** The contrastive losses that tie concepts to classes. */
export interface AlignmentConfig {
  /** Width of the common space of class vectors and concept vectors. Default 128. */
  width: number;
  temperature: number;
  hardNegatives: number;
  /** Standard deviation of the noise on projected vectors, in training. */
  noise: number;
  /** Factors of the global and of the local loss; 0 switches one off. */
  global: number;
  local: number;
}

/** A backbone without text. */
export interface VisionOnlyConfig {
  method: 'vision-only';
  image: ImageConfig;
  labels: Label[];
  backbone: BackboneConfig;
}

/** BiPVL-Seg (arXiv 2503.23534). */
export interface BiPVLSegConfig {
  method: 'bipvl-seg';
  image: ImageConfig;
  labels: Label[];
  backbone: BackboneConfig;
  text: TextConfig;
  fusion: FusionConfig;
  /** Null trains by the segmentation loss alone: the rows without alignment of the paper's Table 3. */
  alignment: AlignmentConfig | null;
}

/**
 * What a segmenter is built from. Output channel 0 is the background, channel j + 1 is `labels[j]`, and the texts of that label describe it.
 */
export type SegmenterConfig = BiPVLSegConfig | VisionOnlyConfig;
