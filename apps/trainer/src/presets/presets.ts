import type { RunConfigInput } from '../config/run-config.js';
import { hippocampus } from './hippocampus.js';
import { phantom } from './phantom.js';

/** Makes the configuration of a kind of dataset, given its folder. */
export type Preset = (options: { data: string }) => RunConfigInput;

/** The presets by the name a command line gives. */
export const presets: Readonly<Record<string, Preset>> = { hippocampus, phantom };
