import { RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { monaiDynUNetTable } from '../checkpoints/monai-dynunet.js';
import type { Prediction } from '../coupling.js';
import { describeParity } from '../parity-case.test-support.js';
import { createDynUNet } from './dynunet.js';

/** What MONAI's constructor was given. */
interface DynUNetConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly kernel_size: readonly (number | Triple)[];
  readonly strides: readonly (number | Triple)[];
  readonly filters: readonly number[];
  readonly norm_name?: string | readonly unknown[];
  readonly act_name?: readonly [string, { readonly negative_slope?: number }];
  readonly deep_supervision?: boolean;
  readonly deep_supr_num?: number;
  readonly res_block?: boolean;
  readonly trans_bias?: boolean;
}

describeParity('monai.networks.nets.DynUNet', (given) => {
  const config = given as unknown as DynUNetConfig;
  const { res_block: residual = false, filters: channels } = config;
  const options = {
    inputChannels: config.in_channels,
    outputChannels: config.out_channels,
    channels,
    kernels: config.kernel_size,
    strides: config.strides,
    residual,
    deepSupervision: config.deep_supervision ? (config.deep_supr_num ?? 1) : 0,
    upsampleBias: config.trans_bias ?? false,
    normalisation: String(config.norm_name).toUpperCase().includes('BATCH')
      ? ('batch' as const)
      : ('instance' as const),
    activation: { leakyRelu: config.act_name?.[1].negative_slope ?? 0.01 },
  };
  const network = createDynUNet(options, new RandomStream(1));
  return {
    network,
    table: monaiDynUNetTable(channels.length, residual),
    run: (x, context) => {
      const prediction = network.forward(x, context);
      return { out: config.deep_supervision && context.training ? stacked(prediction) : prediction.logits };
    },
  };
});

/**
 * What MONAI returns in training: all logits enlarged to the size of the finest, nearest voxel, as [N, outputs, C, D, H, W]; here the outputs
 * come last, where the harness moves the fixture's axis 1.
 */
function stacked({ logits, auxiliary }: Prediction): tf.Tensor {
  const outputs = [logits, ...auxiliary].map((output) =>
    tf.transpose(enlarged(output, logits.shape), [0, 4, 1, 2, 3]),
  );
  return tf.stack(outputs, 5);
}

function enlarged(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return [1, 2, 3].reduce((y, axis) => {
    const repeats = (shape[axis] as number) / (y.shape[axis] as number);
    const sides = y.shape.map((side, each) => (each === axis ? side * repeats : side));
    return tf.reshape(tf.stack(Array(repeats).fill(y), axis + 1), sides);
  }, x);
}
