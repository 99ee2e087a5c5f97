import { RandomStream } from '@bipvl/nn';
import { monaiUNetTable } from '../checkpoints/monai-unet.js';
import { describeParity } from '../parity-case.test-support.js';
import { createUNet } from './unet.js';

/** What MONAI's constructor was given. */
interface UNetConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly channels: readonly number[];
  readonly strides: readonly number[];
  readonly kernel_size?: number;
  readonly num_res_units?: number;
  readonly norm?: string;
  readonly act?: string | readonly [string, { readonly negative_slope?: number }];
  readonly bias?: boolean;
}

describeParity('monai.networks.nets.UNet', (given) => {
  const config = given as unknown as UNetConfig;
  const { act = 'PRELU', norm = 'INSTANCE', channels, num_res_units: residualUnits = 0 } = config;
  const slope = typeof act === 'string' ? undefined : (act[1].negative_slope ?? 0.01);
  const options = {
    inputChannels: config.in_channels,
    outputChannels: config.out_channels,
    channels,
    strides: config.strides,
    residualUnits,
    kernel: config.kernel_size ?? 3,
    normalisation: norm.toUpperCase() === 'BATCH' ? ('batch' as const) : ('instance' as const),
    activation: slope === undefined ? ('prelu' as const) : { leakyRelu: slope },
    bias: config.bias ?? true,
  };
  const network = createUNet(options, new RandomStream(1));
  return {
    network,
    table: monaiUNetTable(channels.length, residualUnits),
    run: (x, context) => ({ out: network.forward(x, context).logits }),
  };
});
