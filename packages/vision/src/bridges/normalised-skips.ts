import { type Context, Module } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Normalisation } from '../blocks/normalised-convolution.js';
import { RectifiedNormalisation } from '../blocks/rectified-normalisation.js';
import { asVolumes, checkSkips } from '../blocks/skips.js';
import type { Bridge, Pyramid } from '../coupling.js';

export interface NormalisedSkipsOptions {
  /** Default 'batch'. */
  readonly normalisation?: Normalisation;
}

/**
 * Every skip normalised and rectified, and nothing else: what is left of dual cross-attention without its attention. A control for it, since a
 * decoder may gain by this alone.
 */
export class NormalisedSkips extends Module implements Bridge {
  readonly outputs: RectifiedNormalisation[];
  readonly #channels: readonly number[];

  /** For skips of these channels, fine to deep. @throws NetworkError `groups-do-not-divide` */
  constructor({ normalisation = 'batch' }: NormalisedSkipsOptions, channels: readonly number[]) {
    super();
    this.outputs = channels.map((width) => new RectifiedNormalisation(width, normalisation));
    this.#channels = channels;
  }

  /** Skips [N, H, W, C] or [N, D, H, W, C] to the same shapes. @throws NetworkError `wrong-channels` */
  connect(pyramid: Pyramid, context: Context): Pyramid {
    checkSkips('bridge', pyramid.skips, this.#channels);
    return tf.tidy(() => {
      const skips = asVolumes(pyramid.skips).map((skip, index) => {
        const rectified = (this.outputs[index] as RectifiedNormalisation).forward(skip, context);
        return tf.reshape(rectified, (pyramid.skips[index] as tf.Tensor).shape);
      });
      return { ...pyramid, skips };
    });
  }
}
