import { RandomStream } from '@bipvl/nn';
import { nnUNetPlainTable } from '../checkpoints/nnunet.js';
import { type NnUNetConfig, nnUNetOptions } from '../nnunet-config.test-support.js';
import { describeParity, numberedOutputs } from '../parity-case.test-support.js';
import { createNnUNetPlain } from './nnunet-plain.js';

/** What the constructor of dynamic-network-architectures was given. */
interface PlainConfig extends NnUNetConfig {
  readonly n_conv_per_stage: number | readonly number[];
}

describeParity('dynamic_network_architectures.architectures.unet.PlainConvUNet', (given) => {
  const config = given as unknown as PlainConfig;
  const options = { ...nnUNetOptions(config), convolutions: config.n_conv_per_stage };
  const network = createNnUNetPlain(options, new RandomStream(1));
  return {
    network,
    table: nnUNetPlainTable(config.n_stages),
    run: (x, context) => {
      const prediction = network.forward(x, context);
      return config.deep_supervision ? numberedOutputs(prediction) : { out: prediction.logits };
    },
  };
});
