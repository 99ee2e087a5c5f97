import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StepFailure } from './step-failure.mjs';

const outcomes = {
  ready: 'already in place',
  linked: 'linked from the cache',
  installed: 'installed',
  found: 'found, put there by another installer',
};

/** Puts the native TensorFlow in place, as `bipvl-engine install` does. */
export async function nativeEngine(root) {
  const { install } = await import(
    pathToFileURL(join(root, 'packages', 'engine', 'dist', 'install.js')).href
  );
  try {
    const { status, tensorflow } = await install();
    return `TensorFlow ${tensorflow} ${outcomes[status]}`;
  } catch (error) {
    if (typeof error?.hint !== 'string') throw error;
    throw new StepFailure(error.message, { mend: error.hint });
  }
}
