import { BlankStream } from '@bipvl/nn';
import type { BackboneConfiguration } from './backbone-options.js';
import { createBackbone } from './registry.js';

/**
 * How many numbers a backbone of these options learns. Builds it without drawing random numbers, and frees it again.
 * @throws NetworkError `unknown-backbone` and options' errors of the backbone
 */
export function countParameters(configuration: BackboneConfiguration): number {
  const { name, ...options } = configuration;
  const network = createBackbone(name, options as never, new BlankStream());
  try {
    return network.parameterCount();
  } finally {
    network.dispose();
  }
}
