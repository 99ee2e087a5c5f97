import { NetworkError, type RandomStream } from '@bipvl/nn';
import { z } from 'zod';
import type { BridgeConfiguration, BridgeName, BridgeOptions, BridgeSettings } from './bridge-options.js';
import { DualCrossAttention } from './bridges/dca.js';
import { NormalisedSkips } from './bridges/normalised-skips.js';
import type { Bridge } from './coupling.js';
import { dcaSchema } from './schemas/dca.js';
import { normalisedSkipsSchema } from './schemas/normalised-skips.js';
import { nameOf, type StrictSchema } from './schemas/settings-schema.js';
import { SegmentationNetwork } from './segmentation-network.js';

/** How a bridge is built, and what a configuration may say of it. */
interface Registered<Name extends BridgeName> {
  readonly create: (
    options: BridgeOptions[Name],
    channels: readonly number[],
    random: RandomStream,
  ) => Bridge;
  readonly schema: StrictSchema<BridgeSettings<Name>>;
}

const bridges: { readonly [Name in BridgeName]: Registered<Name> } = {
  dca: {
    create: (options, channels, random) => new DualCrossAttention(options, channels, random),
    schema: dcaSchema,
  },
  'normalised-skips': {
    create: (options, channels) => new NormalisedSkips(options, channels),
    schema: normalisedSkipsSchema,
  },
};

/** The schema of `bridge` in a configuration: strict, with the defaults of the bridge that its `name` says, or that is named alone. */
export const bridgeSettingsSchema: z.ZodType<BridgeSettings> = z
  .preprocess(
    (value) => (typeof value === 'string' ? { name: value } : value),
    z.discriminatedUnion(
      'name',
      Object.values(bridges).map(({ schema }) => schema) as unknown as readonly [
        StrictSchema<BridgeSettings>,
      ],
      { error: ({ input }) => unknownMessage(nameOf(input)) },
    ),
  )
  .describe('A name alone stands for the defaults of that bridge.');

/** Names a configuration may give. */
export function listBridges(): BridgeName[] {
  return Object.keys(bridges) as BridgeName[];
}

/**
 * Builds a bridge for skips of these channels, fine to deep.
 * @throws NetworkError `unknown-bridge` naming the known ones, and options' errors of the bridge
 */
export function createBridge(
  configuration: BridgeConfiguration,
  channels: readonly number[],
  random: RandomStream,
): Bridge {
  const { name, ...options } = typeof configuration === 'string' ? { name: configuration } : configuration;
  if (!Object.hasOwn(bridges, name)) throw unknown(name);
  return bridges[name].create(options as never, channels, random);
}

/**
 * The same network with a bridge between its encoder and its decoder, made for its skips.
 * @throws NetworkError as `createBridge`, and `no-skips` where the encoder publishes none
 */
export function withBridge(
  network: SegmentationNetwork,
  configuration: BridgeConfiguration,
  random: RandomStream,
): SegmentationNetwork {
  const { encoder, decoder, head } = network;
  if (encoder.skipChannels === undefined || encoder.skipChannels.length === 0) throw noSkips();
  return new SegmentationNetwork({
    encoder,
    bridge: createBridge(configuration, encoder.skipChannels, random),
    decoder,
    head,
  });
}

function unknown(name: string): NetworkError {
  return new NetworkError('unknown-bridge', unknownMessage(name), {
    hint: 'set backbone.bridge to one of these names, or leave it out',
  });
}

function unknownMessage(name: string): string {
  return `there is no bridge '${name}'; expected one of: ${listBridges().join(', ')}`;
}

function noSkips(): NetworkError {
  return new NetworkError(
    'no-skips',
    'a bridge needs skips, and the encoder of this backbone publishes none',
    {
      hint: 'leave the bridge out, or publish skipChannels where the decoder reads the skips',
    },
  );
}
