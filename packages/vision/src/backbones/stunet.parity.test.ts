import { RandomStream, type Triple } from '@bipvl/nn';
import { stuNetTable } from '../checkpoints/stunet.js';
import { describeParity, numberedOutputs } from '../parity-case.test-support.js';
import { createSTUNet } from './stunet.js';

/** What the constructor of the release was given. */
interface STUNetConfig {
  readonly input_channels: number;
  readonly num_classes: number;
  readonly depth: readonly number[];
  readonly dims: readonly number[];
  readonly pool_op_kernel_sizes: readonly Triple[];
  readonly deep_supervision: boolean;
}

describeParity('uni-medical/STU-Net nnunet.network_architecture.STUNet.STUNet', (given) => {
  const config = given as unknown as STUNetConfig;
  const options = {
    inputChannels: config.input_channels,
    outputChannels: config.num_classes,
    channels: config.dims,
    depths: config.depth,
    strides: [1, ...config.pool_op_kernel_sizes],
    deepSupervision: config.deep_supervision,
  };
  const network = createSTUNet(options, new RandomStream(1));
  return {
    network,
    table: stuNetTable(),
    run: (x, context) => {
      const prediction = network.forward(x, context);
      return config.deep_supervision ? numberedOutputs(prediction) : { out: prediction.logits };
    },
  };
});
