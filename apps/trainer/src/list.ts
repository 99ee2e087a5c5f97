import { listFusions } from '@bipvl/bifusion';
import { shippedConceptSets } from '@bipvl/concepts';
import { listBackbones, listBridges } from '@bipvl/vision';
import { presets } from './presets/presets.js';

/** The names a configuration and a command line may give. */
export interface Names {
  readonly presets: readonly string[];
  readonly backbones: readonly string[];
  readonly bridges: readonly string[];
  readonly fusions: readonly string[];
  readonly concepts: readonly string[];
}

/** What can be trained. Loads no engine. */
export function list(): Names {
  return {
    presets: Object.keys(presets),
    backbones: listBackbones(),
    bridges: listBridges(),
    fusions: listFusions(),
    concepts: [...shippedConceptSets],
  };
}
