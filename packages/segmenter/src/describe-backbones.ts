import { type BackboneConfiguration, countParameters } from '@bipvl/vision';
import { z } from 'zod';
import { backboneSchemas } from './config-schema.js';

/** A backbone that a configuration may name. */
export interface BackboneDescription {
  readonly name: string;
  /** JSON Schema (draft 2020-12) of `backbone` in a configuration, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Numbers that it learns with its defaults, one channel in and two out, for images of 96 x 96 x 96 voxels. */
  readonly parameters: number;
}

/** Every backbone with its options and size; builds each once, on the TensorFlow.js backend in use. */
export function describeBackbones(): BackboneDescription[] {
  return backboneSchemas.map(({ name, schema }) => {
    const defaults = schema.parse({ name });
    const given = { inputChannels: 1, outputChannels: 2, ...(name === 'unetr' ? { imageSides: 96 } : {}) };
    const configuration = { ...defaults, ...given } as BackboneConfiguration;
    return { name, options: z.toJSONSchema(schema), parameters: countParameters(configuration) };
  });
}
