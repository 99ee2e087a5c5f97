import { RandomStream, type Triple } from '@bipvl/nn';
import { monaiUNETRTable } from '../checkpoints/monai-unetr.js';
import { describeParity } from '../parity-case.test-support.js';
import { createUNETR } from './unetr.js';

/** What MONAI's constructor was given. */
interface UNETRConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly img_size: Triple;
  readonly feature_size: number;
  readonly hidden_size: number;
  readonly mlp_dim: number;
  readonly num_heads: number;
}

describeParity('monai.networks.nets.UNETR', (given) => {
  const config = given as unknown as UNETRConfig;
  const network = createUNETR(
    {
      inputChannels: config.in_channels,
      outputChannels: config.out_channels,
      imageSides: config.img_size,
      filters: config.feature_size,
      width: config.hidden_size,
      mlpWidth: config.mlp_dim,
      heads: config.num_heads,
    },
    new RandomStream(1),
  );
  return {
    network,
    table: monaiUNETRTable(),
    run: (x, context) => ({ out: network.forward(x, context).logits }),
  };
});
