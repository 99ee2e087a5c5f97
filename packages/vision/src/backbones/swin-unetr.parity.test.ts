import { RandomStream } from '@bipvl/nn';
import type { Normalisation } from '../blocks/normalised-convolution.js';
import { monaiSwinUNETRTable } from '../checkpoints/monai-swin-unetr.js';
import { describeParity } from '../parity-case.test-support.js';
import { createSwinUNETR } from './swin-unetr.js';

/** What MONAI's constructor was given. */
interface SwinUNETRConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly feature_size: number;
  readonly window_size?: number;
  readonly depths?: readonly number[];
  readonly downsample?: 'merging' | 'mergingv2';
  readonly norm_name?: readonly ['group', { readonly num_groups: number }];
  readonly qkv_bias?: boolean;
  readonly patch_norm?: boolean;
  readonly use_v2?: boolean;
}

describeParity('monai.networks.nets.SwinUNETR', (given) => {
  const config = given as unknown as SwinUNETRConfig;
  const { window_size: window = 7, depths = [2, 2, 2, 2] } = config;
  const normalisation: Normalisation = config.norm_name
    ? { groups: config.norm_name[1].num_groups }
    : 'instance';
  const network = createSwinUNETR(
    {
      inputChannels: config.in_channels,
      outputChannels: config.out_channels,
      width: config.feature_size,
      window,
      depths,
      normalisation,
      // The fixtures are of MONAI 1.6, where `merging` takes each sub-grid once.
      merging: config.downsample === 'mergingv2' ? 'v2' : 'legacy-corrected',
      qkvBias: config.qkv_bias ?? true,
      patchNormalisation: config.patch_norm ?? false,
      version: config.use_v2 ? 2 : 1,
    },
    new RandomStream(1),
  );
  return {
    network,
    table: monaiSwinUNETRTable({ window, depths }),
    run: (x, context) => ({ out: network.forward(x, context).logits }),
  };
});
