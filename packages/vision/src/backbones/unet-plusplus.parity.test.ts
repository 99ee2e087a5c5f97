import { RandomStream } from '@bipvl/nn';
import { monaiUNetPlusPlusTable } from '../checkpoints/monai-unet-plusplus.js';
import { describeParity } from '../parity-case.test-support.js';
import { createUNetPlusPlus } from './unet-plusplus.js';

/** What MONAI's constructor was given. */
interface UNetPlusPlusConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  /** Of five stages and of the last node. */
  readonly features: readonly number[];
  readonly deep_supervision?: boolean;
}

describeParity('monai.networks.nets.BasicUNetPlusPlus', (given) => {
  const config = given as unknown as UNetPlusPlusConfig;
  const options = {
    inputChannels: config.in_channels,
    outputChannels: config.out_channels,
    channels: config.features.slice(0, -1),
    lastChannels: config.features.at(-1) as number,
    deepSupervision: config.deep_supervision ?? false,
  };
  const network = createUNetPlusPlus(options, new RandomStream(1));
  return {
    network,
    table: monaiUNetPlusPlusTable(),
    run: (x, context) => {
      const { logits, auxiliary } = network.forward(x, context);
      // MONAI lists the logits of its nodes from the first to the last.
      const outputs = [logits, ...auxiliary].reverse();
      return Object.fromEntries(outputs.map((output, index) => [`out${index}`, output]));
    },
  };
});
