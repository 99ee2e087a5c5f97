import { z } from 'zod';
import type { BackboneConfiguration } from './backbone-options.js';
import { countParameters } from './count-parameters.js';
import { backboneSchema, listBackbones } from './registry.js';

/** A backbone that a configuration may name. */
export interface BackboneDescription {
  readonly name: string;
  /** JSON Schema (draft 2020-12) of its settings in a configuration, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Numbers that it learns with its defaults, one channel in and two out, for images of 96 x 96 x 96 voxels. */
  readonly parameters: number;
}

/** Every backbone with its options and size; builds each once, on the TensorFlow.js backend in use, and frees it again. */
export function list(): BackboneDescription[] {
  return listBackbones().map((name) => {
    const schema = backboneSchema(name);
    const data = { inputChannels: 1, outputChannels: 2, imageSides: 96 };
    const configuration = { ...schema.parse({ name }), ...data } as BackboneConfiguration;
    return { name, options: z.toJSONSchema(schema), parameters: countParameters(configuration) };
  });
}
