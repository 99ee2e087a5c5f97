import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EngineError } from './errors.js';

/** The npm package whose addon is the bridge to TensorFlow; it serves CPU and GPU alike. */
export const tfjsPackage = '@tensorflow/tfjs-node-gpu';

/** Resolves modules as this package does; where the peer is not there, as the folder the user stands in does. */
function resolvers(): NodeJS.Require[] {
  return [createRequire(import.meta.url), createRequire(join(process.cwd(), 'package.json'))];
}

/** Folder of the installed TensorFlow.js package. Throws `tfjs-missing`. */
export function findTfjs(): string {
  for (const require of resolvers()) {
    try {
      return dirname(require.resolve(`${tfjsPackage}/package.json`));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw new EngineError('tfjs-missing', `${tfjsPackage} is not installed here`, {
    kind: 'resource',
    hint: `run \`npm install --ignore-scripts ${tfjsPackage}@4.22.0\`, then \`npx bipvl-engine install\``,
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}
