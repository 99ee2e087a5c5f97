import { RandomStream, type Triple } from '@bipvl/nn';
import type { NnFormerLayout } from '../blocks/nnformer-layouts.js';
import { nnFormerTable } from '../checkpoints/nnformer.js';
import { describeParity, numberedOutputs } from '../parity-case.test-support.js';
import { createNnFormer } from './nnformer.js';

/** What the constructors of the release were given. */
interface NnFormerConfig {
  readonly crop_size: Triple;
  readonly embedding_dim: number;
  readonly input_channels: number;
  readonly num_classes: number;
  readonly depths: readonly number[];
  readonly num_heads: readonly number[];
  readonly window_size: readonly (number | Triple)[];
  readonly deep_supervision: boolean;
}

const layouts: Readonly<Record<string, NnFormerLayout>> = {
  nnFormer_synapse: 'synapse',
  nnFormer_acdc: 'acdc',
  nnFormer_tumor: 'tumour',
};

for (const [module, layout] of Object.entries(layouts)) {
  describeParity(`282857341/nnFormer nnformer.network_architecture.${module}.nnFormer`, (given) => {
    const config = given as unknown as NnFormerConfig;
    const options = {
      layout,
      imageSides: config.crop_size,
      inputChannels: config.input_channels,
      outputChannels: config.num_classes,
      width: config.embedding_dim,
      depths: config.depths,
      heads: config.num_heads,
      windows: config.window_size,
      deepSupervision: config.deep_supervision,
    };
    const network = createNnFormer(options, new RandomStream(1));
    return {
      network,
      table: nnFormerTable(options),
      run: (x, context) => {
        const prediction = network.forward(x, context);
        return config.deep_supervision ? numberedOutputs(prediction) : { out: prediction.logits };
      },
    };
  });
}
