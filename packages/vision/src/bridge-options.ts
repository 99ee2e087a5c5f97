import type { DcaOptions } from './bridges/dca.js';
import type { NormalisedSkipsOptions } from './bridges/normalised-skips.js';

/** Options of each bridge by its name in a configuration. */
export interface BridgeOptions {
  readonly dca: DcaOptions;
  readonly 'normalised-skips': NormalisedSkipsOptions;
}

/** A bridge by its name in a configuration. */
export type BridgeName = keyof BridgeOptions;

/** A bridge by its name, with its options. */
export type BridgeSettings<Name extends BridgeName = BridgeName> = {
  readonly [Each in Name]: { readonly name: Each } & BridgeOptions[Each];
}[Name];

/** A bridge by its name alone, or with options. */
export type BridgeConfiguration = BridgeName | BridgeSettings;
