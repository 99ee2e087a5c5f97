import { RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { med3DVLMDCFormerTable } from '../checkpoints/med3dvlm-dcformer.js';
import { describeParity } from '../parity-case.test-support.js';
import { createDCFormer } from './dcformer.js';

/** What the original's constructor was given. */
interface DecompModelConfig {
  readonly in_channels: number;
  /** The stem's, which is 1, and those of the four stages. */
  readonly num_blocks: readonly number[];
  readonly channels: readonly number[];
  readonly kernel_sizes?: readonly number[];
}

describeParity('Med3DVLM src.model.encoder.dcformer.DecompModel', (given) => {
  const config = given as unknown as DecompModelConfig;
  const network = createDCFormer(
    {
      inputChannels: config.in_channels,
      channels: config.channels,
      blocks: config.num_blocks.slice(1),
      ...(config.kernel_sizes ? { kernels: config.kernel_sizes } : {}),
    },
    new RandomStream(1),
  );
  return {
    network,
    table: med3DVLMDCFormerTable(),
    run: (x, context) => {
      const { skips, bottleneck } = network.encode(x, context, {}).pyramid;
      // The original has tokens [N, T, C], which the fixtures' reader turns like every tensor of PyTorch's.
      const tokens = [...skips, bottleneck].map((level) => {
        const [count, , , , channels] = level.shape as tf.Tensor5D['shape'];
        return tf.transpose(tf.reshape(level, [count, -1, channels]), [0, 2, 1]);
      });
      return Object.fromEntries(tokens.map((level, index) => [`hidden${index}`, level]));
    },
  };
});
