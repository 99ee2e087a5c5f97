import { allowedImports, browserPackages } from './scripts/check/architecture.mjs';

const tests = '[.](test|test-d|test-support)[.]ts$';
const builtPackage = '^packages/[^/]+/dist/';
const builtApp = '^apps/[^/]+/dist/';
const installed = '(^|/)node_modules/';
const tensorflowBackend = '(^|/)node_modules/@tensorflow/tfjs-(node|backend)';

/** Where an import of this package ends up: its built files for one of ours, else its folder in node_modules. */
function pathOf(name) {
  return name.startsWith('@bipvl/')
    ? `^packages/${name.slice('@bipvl/'.length)}/dist/`
    : `(^|/)node_modules/(@types/)?${name}/`;
}

function allowedPaths(folder, allowed) {
  const own = `^${folder}/src/`;
  if (allowed === 'any package') return [own, builtPackage, installed];
  if (allowed === 'any package or app') return [own, builtPackage, builtApp, installed];
  return [own, ...allowed.map(pathOf)];
}

const arrows = Object.entries(allowedImports).map(([folder, allowed]) => ({
  name: `arrows-of-${folder.replace('/', '-')}`,
  comment: `${folder} may import only ${[allowed].flat().join(', ') || 'its own files'} (scripts/check/architecture.mjs)`,
  severity: 'error',
  from: { path: `^${folder}/src/`, pathNot: tests },
  to: { pathNot: allowedPaths(folder, allowed), dependencyTypesNot: ['core'] },
}));

const nodeOnly = browserPackages.map((folder) => `^${folder}/src/(node|testing)/`);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    {
      name: 'no-app-below-apps',
      comment: 'a library never imports an app, not even in a test',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'backend-only-through-engine',
      comment: 'the app chooses the backend, through @bipvl/engine',
      severity: 'error',
      from: { pathNot: '^packages/engine/' },
      to: { path: tensorflowBackend },
    },
    {
      name: 'main-export-runs-in-a-browser',
      comment: "Node's modules and file access stay behind the ./node and ./testing exports",
      severity: 'error',
      from: { path: browserPackages.map((folder) => `^${folder}/src/`), pathNot: [tests, ...nodeOnly] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-export-without-node-export',
      comment: 'a file that runs in a browser imports nothing from a ./node or ./testing export',
      severity: 'error',
      from: { path: browserPackages.map((folder) => `^${folder}/src/`), pathNot: [tests, ...nodeOnly] },
      to: { path: '^packages/[^/]+/(src|dist)/(node|testing)/' },
    },
    {
      name: 'no-test-in-production',
      comment: 'what is published imports no test and no fixture',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: tests },
      to: { path: [tests, '/__fixtures__/'] },
    },
    {
      name: 'no-cycle',
      comment: 'files of a package form no cycle, type-only imports included',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'every import resolves through the exports of an installed package',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    exclude: '/__fixtures__/',
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.d.ts', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
