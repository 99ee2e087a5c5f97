import { z } from 'zod';
import type { BridgeSettings } from '../bridge-options.js';
import { normalisation } from './parts.js';
import type { StrictSchema } from './settings-schema.js';

/** The options of `NormalisedSkips`. */
export const normalisedSkipsSchema: StrictSchema<BridgeSettings<'normalised-skips'>> = z.strictObject({
  name: z.literal('normalised-skips'),
  normalisation: normalisation.default('batch'),
});
