import { RandomStream, type Triple } from '@bipvl/nn';
import { monaiSwinTransformerTable } from '../checkpoints/monai-swin-transformer.js';
import { describeParity } from '../parity-case.test-support.js';
import { createSwinTransformer } from './swin-transformer.js';

/** What MONAI's constructor was given. */
interface SwinTransformerConfig {
  readonly in_chans: number;
  readonly embed_dim: number;
  readonly window_size: Triple;
  readonly patch_size: Triple;
  readonly depths: readonly number[];
  readonly num_heads: readonly number[];
  readonly patch_norm?: boolean;
  readonly downsample?: 'merging' | 'mergingv2';
}

describeParity('monai.networks.nets.swin_unetr.SwinTransformer', (given) => {
  const config = given as unknown as SwinTransformerConfig;
  const network = createSwinTransformer(
    {
      inputChannels: config.in_chans,
      width: config.embed_dim,
      window: config.window_size,
      patch: config.patch_size,
      depths: config.depths,
      heads: config.num_heads,
      patchNormalisation: config.patch_norm ?? false,
      // The fixtures are of MONAI 1.6, where `merging` takes each sub-grid once.
      merging: config.downsample === 'mergingv2' ? 'v2' : 'legacy-corrected',
    },
    new RandomStream(1),
  );
  return {
    network,
    table: monaiSwinTransformerTable({ window: config.window_size, depths: config.depths }),
    run: (x, context) => {
      const { skips, bottleneck } = network.encode(x, context, {}).pyramid;
      return Object.fromEntries([...skips, bottleneck].map((level, index) => [`x${index}_out`, level]));
    },
  };
});
