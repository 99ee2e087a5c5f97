/**
 * What each package and app may import, besides itself: the arrows of the architecture, lowest package first.
 * A package may name only packages above it in this table, so the table itself cannot hold a cycle.
 * Node's own modules are a separate rule (see .dependency-cruiser.mjs), and so are tests.
 */
export const allowedImports = {
  'packages/metrics': [],
  'packages/losses': ['@tensorflow/tfjs-core'],
  'packages/nn': ['@tensorflow/tfjs-core', 'pure-rand'],
  'packages/concepts': [
    '@inquirer/confirm',
    '@inquirer/input',
    '@inquirer/select',
    'commander',
    'fastest-levenshtein',
    'openai',
    'zod',
  ],
  'packages/preprocess': ['@itk-wasm/image-io', 'itk-wasm', 'pure-rand', 'zod'],
  'packages/text-encoder': ['@bipvl/nn', '@tensorflow/tfjs-core', '@xenova/transformers'],
  'packages/vision': ['@bipvl/nn', '@tensorflow/tfjs-core', 'zod'],
  'packages/bifusion': ['@bipvl/nn', '@tensorflow/tfjs-core'],
  'packages/segmenter': [
    '@bipvl/bifusion',
    '@bipvl/concepts',
    '@bipvl/losses',
    '@bipvl/metrics',
    '@bipvl/nn',
    '@bipvl/preprocess',
    '@bipvl/text-encoder',
    '@bipvl/vision',
    '@tensorflow/tfjs-core',
    'zod',
  ],
  'packages/engine': [
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-node-gpu',
    'commander',
    'node-api-headers',
    'yauzl',
  ],
  'apps/evaluator': 'any package',
  'apps/trainer': 'any package',
  'apps/demo': 'any package or app',
};

/** Packages whose main export must run in a browser: only their `src/node` and `src/testing` may touch Node or files. */
export const browserPackages = Object.keys(allowedImports).filter(
  (folder) => folder.startsWith('packages/') && folder !== 'packages/engine',
);

/** Packages found by their folder or loaded by a computed name, where no import statement shows it. */
export const loadedWithoutImport = {
  'packages/engine': ['@tensorflow/tfjs-node-gpu', 'node-api-headers'],
};
