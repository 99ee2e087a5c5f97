import { RandomStream } from '@bipvl/nn';
import { monaiMedNeXtTable } from '../checkpoints/monai-mednext.js';
import { describeParity, numberedOutputs } from '../parity-case.test-support.js';
import { createMedNeXt } from './mednext.js';

/** What MONAI's constructor was given. */
interface MedNeXtConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly init_filters: number;
  readonly kernel_size: number;
  readonly encoder_expansion_ratio: number;
  readonly decoder_expansion_ratio: number;
  readonly bottleneck_expansion_ratio: number;
  readonly blocks_down: readonly number[];
  readonly blocks_bottleneck: number;
  readonly blocks_up: readonly number[];
  readonly use_residual_connection: boolean;
  readonly deep_supervision: boolean;
}

describeParity('monai.networks.nets.MedNeXt', (given) => {
  const config = given as unknown as MedNeXtConfig;
  const options = {
    inputChannels: config.in_channels,
    outputChannels: config.out_channels,
    kernel: config.kernel_size,
    filters: config.init_filters,
    blocksDown: [...config.blocks_down, config.blocks_bottleneck],
    blocksUp: config.blocks_up,
    expansionsDown: [
      ...config.blocks_down.map(() => config.encoder_expansion_ratio),
      config.bottleneck_expansion_ratio,
    ],
    expansionsUp: config.decoder_expansion_ratio,
    residual: config.use_residual_connection,
    deepSupervision: config.deep_supervision,
  };
  const network = createMedNeXt(options, new RandomStream(1));
  return {
    network,
    table: monaiMedNeXtTable(options.blocksDown.length),
    run: (x, context) => numberedOutputs(network.forward(x, context)),
  };
});
