import { NetworkError } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** @throws NetworkError `wrong-channels` where the skips are not of these channels, fine to deep, or no images. */
export function checkSkips(bridge: string, skips: readonly tf.Tensor[], channels: readonly number[]): void {
  const found = skips.map(({ shape }) => shape.at(-1));
  const rank = skips[0]?.rank ?? 0;
  const isImages = (rank === 4 || rank === 5) && skips.every((skip) => skip.rank === rank);
  if (isImages && found.join() === channels.join()) return;
  const shapes = skips.map(({ shape }) => `[${shape}]`).join(', ');
  throw new NetworkError(
    'wrong-channels',
    `${bridge} expects skips [N, ...sides, C] of ${channels.join(', ')} channels, received ${shapes || 'none'}`,
    { hint: 'build the bridge for the skipChannels of the encoder' },
  );
}

/** Images [N, H, W, C] as volumes [N, 1, H, W, C]; volumes as they are. */
export function asVolumes(skips: readonly tf.Tensor[]): tf.Tensor5D[] {
  return skips.map((skip) => (skip.rank === 4 ? tf.expandDims(skip, 1) : skip) as tf.Tensor5D);
}
