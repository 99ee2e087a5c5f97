import { RandomStream } from '@bipvl/nn';
import { monaiSegResNetTable } from '../checkpoints/monai-segresnet.js';
import { describeParity } from '../parity-case.test-support.js';
import { createSegResNet } from './segresnet.js';

/** What MONAI's constructor was given. */
interface SegResNetConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly init_filters: number;
  readonly blocks_down: readonly number[];
  readonly blocks_up: readonly number[];
  readonly norm?: readonly [string, { readonly num_groups: number }];
  readonly upsample_mode?: string;
}

describeParity('monai.networks.nets.SegResNet', (given) => {
  const config = given as unknown as SegResNetConfig;
  const { norm, blocks_down: blocksDown, blocks_up: blocksUp } = config;
  const options = {
    inputChannels: config.in_channels,
    outputChannels: config.out_channels,
    filters: config.init_filters,
    groups: norm?.[1].num_groups ?? 8,
    blocksDown,
    blocksUp,
    upsampling: config.upsample_mode === 'deconv' ? ('transposed' as const) : ('trilinear' as const),
  };
  const network = createSegResNet(options, new RandomStream(1));
  return {
    network,
    table: monaiSegResNetTable(blocksDown),
    run: (x, context) => ({ out: network.forward(x, context).logits }),
  };
});
