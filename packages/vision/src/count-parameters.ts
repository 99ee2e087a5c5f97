import { RandomStream } from '@bipvl/nn';
import { type BackboneConfiguration, createBackbone } from './registry.js';

/**
 * How many numbers a backbone of these options learns. Builds it without drawing random numbers, and frees it again.
 * @throws NetworkError `unknown-backbone` and options' errors of the backbone
 */
export function countParameters(configuration: BackboneConfiguration): number {
  const { name, ...options } = configuration;
  const network = createBackbone(name, options as never, new ConstantStream(0));
  try {
    return network.parameterCount();
  } finally {
    network.dispose();
  }
}

/** Draws nothing: the values do not matter here, and a hundred million of them would take seconds. */
class ConstantStream extends RandomStream {
  override at(): RandomStream {
    return this;
  }

  override uniform(): () => number {
    return () => 0.5;
  }

  override normal(): () => number {
    return () => 0;
  }
}
