import { RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { atesDcaTable } from '../checkpoints/ates-dca.js';
import { describeParity } from '../parity-case.test-support.js';
import { DualCrossAttention } from './dca.js';

/** What their constructor was given. */
interface DcaConfig {
  readonly features: readonly number[];
  readonly patch: number;
  readonly n: number;
  readonly channel_head: readonly number[];
  readonly spatial_head: readonly number[];
}

describeParity('gorkemcanates/Dual-Cross-Attention model.utils.dca.DCA', (given) => {
  const { features, patch, n, channel_head, spatial_head } = given as unknown as DcaConfig;
  const options = {
    grid: [patch, patch],
    blocks: n,
    channelHeads: channel_head,
    spatialHeads: spatial_head,
  };
  const network = new DualCrossAttention(options, features, new RandomStream(1));
  return {
    network,
    table: atesDcaTable(features.length),
    run: (_, context, inputs) => {
      const skips = features.map((__, index) => inputs[`x${index}`] as tf.Tensor);
      const pyramid = { skips, bottleneck: tf.scalar(0), extra: {} };
      const connected = network.connect(pyramid, context).skips;
      return Object.fromEntries(connected.map((skip, index) => [`out${index}`, skip]));
    },
  };
});
