import { BlankStream, evaluation, MultiplicationLedger } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { BackboneConfiguration } from './backbone-options.js';
import { createBackbone } from './registry.js';

/**
 * Multiply-adds of a forward pass over images [N, D, H, W, C] of this shape: those of convolutions and matrix products, as the literature
 * counts them. Builds the network and runs the pass, on the native engine.
 * @throws NetworkError `no-native-backend`; `illegal-size`, `unknown-backbone` and options' errors of the backbone
 */
export function countMultiplications(
  configuration: BackboneConfiguration,
  inputShape: readonly number[],
): number {
  const { name, ...options } = configuration;
  const ledger = new MultiplicationLedger();
  return ledger.record(() => {
    const network = createBackbone(name, options as never, new BlankStream());
    try {
      tf.tidy(() => {
        network.forward(tf.zeros([...inputShape]), evaluation());
      });
    } finally {
      network.dispose();
    }
  });
}
