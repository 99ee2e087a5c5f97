import type { z } from 'zod';
import type { BackboneName, BackboneSettings } from '../backbone-options.js';

/** The strict schema of a backbone's settings, with its defaults; `name` tells it from the others. */
export type SettingsSchema<Name extends BackboneName> = z.ZodType<BackboneSettings<Name>> &
  z.core.$ZodTypeDiscriminable;
