import type { BackboneSettings } from '@bipvl/vision';

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

/** The text encoder; defaults are BERT-base divided as the paper has it. */
export interface TextConfig {
  /** A BERT in stages, or the vectors that the sentence encoder `pretrained`, in ONNX, gave each text once. Default 'bert'. */
  encoder: 'bert' | 'sentences';
  /** A published model to begin from: its id on the hub, or a folder. Who builds the segmenter fetches its sizes, vocabulary and weights. */
  pretrained: string | null;
  /** Keeps the published weights as they are, without dropout; only what is around the encoder learns. */
  frozen: boolean;
  /** Entries of the table of words; null takes as many as the tokenizer has tokens. */
  vocabulary: number | null;
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
  backbone: BackboneSettings;
}

/** BiPVL-Seg (arXiv 2503.23534). */
export interface BiPVLSegConfig {
  method: 'bipvl-seg';
  image: ImageConfig;
  labels: Label[];
  backbone: BackboneSettings;
  text: TextConfig;
  fusion: FusionConfig;
  /** Null trains by the segmentation loss alone: the rows without alignment of the paper's Table 3. */
  alignment: AlignmentConfig | null;
}

/**
 * What a segmenter is built from. Output channel 0 is the background, channel j + 1 is `labels[j]`, and the texts of that label describe it.
 */
export type SegmenterConfig = BiPVLSegConfig | VisionOnlyConfig;
