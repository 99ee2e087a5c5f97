import type { z } from 'zod';
import type { BackboneName, BackboneSettings } from '../backbone-options.js';

/** A strict schema of an object with its defaults; its `name` tells it from others. */
export type StrictSchema<Settings> = z.ZodType<Settings> & z.core.$ZodTypeDiscriminable;

/** The strict schema of a backbone's settings, with its defaults; `name` tells it from the others. */
export type SettingsSchema<Name extends BackboneName> = StrictSchema<BackboneSettings<Name>>;

/** What a configuration names, for an error. */
export function nameOf(input: unknown): string {
  return typeof input === 'object' && input !== null && 'name' in input ? String(input.name) : String(input);
}
