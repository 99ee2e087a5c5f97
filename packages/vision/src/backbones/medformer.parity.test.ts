import { RandomStream, type Triple } from '@bipvl/nn';
import type { MedFormerOptions } from '../blocks/medformer-settings.js';
import { medFormerTable } from '../checkpoints/medformer.js';
import { describeParity, numberedOutputs } from '../parity-case.test-support.js';
import { createMedFormer } from './medformer.js';

/** What the release's constructor was given. */
interface MedFormerConfig {
  readonly in_chan: number;
  readonly num_classes: number;
  readonly base_chan: number;
  readonly map_size: Triple;
  readonly conv_num: readonly number[];
  readonly trans_num: readonly number[];
  readonly chan_num: readonly number[];
  readonly num_heads: readonly number[];
  readonly fusion_depth: number;
  readonly fusion_dim: number;
  readonly fusion_heads: number;
  readonly expansion: number;
  readonly proj_type: 'depthwise' | 'linear';
  readonly norm: 'in' | 'bn' | 'ln';
  readonly act: 'relu' | 'gelu' | 'swish';
  readonly kernel_size: readonly Triple[];
  readonly scale: readonly Triple[];
  readonly aux_loss: boolean;
}

const normalisations = { in: 'instance', bn: 'batch', ln: 'layer' } as const;

function optionsOf(config: MedFormerConfig): MedFormerOptions {
  return {
    inputChannels: config.in_chan,
    outputChannels: config.num_classes,
    channels: [config.base_chan, ...config.chan_num.slice(0, 4)],
    kernels: config.kernel_size,
    strides: [[1, 1, 1], ...config.scale],
    mapSides: config.map_size,
    blocksDown: config.conv_num.slice(0, 4),
    blocksUp: config.conv_num.slice(4),
    attentionDown: config.trans_num.slice(1, 4),
    attentionUp: config.trans_num.slice(4, 6),
    headsDown: config.num_heads.slice(1, 4),
    headsUp: config.num_heads.slice(4, 6),
    unevenHeads: true,
    fusionDepth: config.fusion_depth,
    fusionWidth: config.fusion_dim,
    fusionHeads: config.fusion_heads,
    expansion: config.expansion,
    projection: config.proj_type,
    normalisation: normalisations[config.norm],
    activation: config.act,
    deepSupervision: config.aux_loss,
  };
}

describeParity('yhygao/CBIM-Medical-Image-Segmentation model.dim3.medformer.MedFormer', (given) => {
  const config = given as unknown as MedFormerConfig;
  const network = createMedFormer(optionsOf(config), new RandomStream(1));
  return {
    network,
    table: medFormerTable(config.proj_type),
    run: (x, context) => {
      const prediction = network.forward(x, context);
      return config.aux_loss ? numberedOutputs(prediction) : { out: prediction.logits };
    },
  };
});
