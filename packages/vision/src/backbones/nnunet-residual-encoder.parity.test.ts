import { RandomStream } from '@bipvl/nn';
import { nnUNetResidualEncoderTable } from '../checkpoints/nnunet.js';
import { type NnUNetConfig, nnUNetOptions } from '../nnunet-config.test-support.js';
import { describeParity, numberedOutputs } from '../parity-case.test-support.js';
import { createNnUNetResidualEncoder } from './nnunet-residual-encoder.js';

/** What the constructor of dynamic-network-architectures was given. */
interface ResidualEncoderConfig extends NnUNetConfig {
  readonly n_blocks_per_stage: number | readonly number[];
  readonly stem_channels?: number;
}

describeParity('dynamic_network_architectures.architectures.unet.ResidualEncoderUNet', (given) => {
  const config = given as unknown as ResidualEncoderConfig;
  const options = {
    ...nnUNetOptions(config),
    blocks: config.n_blocks_per_stage,
    ...(config.stem_channels ? { stemChannels: config.stem_channels } : {}),
  };
  const network = createNnUNetResidualEncoder(options, new RandomStream(1));
  return {
    network,
    table: nnUNetResidualEncoderTable(config.strides),
    run: (x, context) => {
      const prediction = network.forward(x, context);
      return config.deep_supervision ? numberedOutputs(prediction) : { out: prediction.logits };
    },
  };
});
