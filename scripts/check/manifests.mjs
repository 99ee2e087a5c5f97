import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, readWorkspaces } from './workspaces.mjs';

const publishedFiles = [
  'dist',
  'src',
  '!**/*.test.ts',
  '!**/*.test.js',
  '!**/__fixtures__',
  '!**/*.tsbuildinfo',
];
const installHooks = ['preinstall', 'install', 'postinstall', 'prepare'];

/** Every package.json follows one template, so that a user meets no package that behaves unlike the others. */
export async function manifests(root) {
  const common = readJson(join(root, 'package.json'));
  const workspaces = readWorkspaces(root);
  const versions = new Map(workspaces.map(({ name, manifest }) => [name, manifest.version]));
  return workspaces.flatMap((workspace) =>
    [
      ...commonFaults(workspace, common),
      ...versionFaults(workspace, versions),
      ...referenceFaults(root, workspace),
      ...(workspace.isPublic ? publicFaults(root, workspace) : []),
    ].map((fault) => `${workspace.folder}/package.json: ${fault}`),
  );
}

/** Each check is [holds, what is expected]. */
function unmet(checks) {
  return checks.filter(([holds]) => !holds).map(([, expectation]) => expectation);
}

function commonFaults({ folder, manifest }, common) {
  const hook = installHooks.find((name) => manifest.scripts?.[name] !== undefined);
  return unmet([
    [manifest.name === `@bipvl/${folder.split('/')[1]}`, `"name" must be @bipvl/${folder.split('/')[1]}`],
    [manifest.type === 'module', '"type" must be "module"'],
    [manifest.license === common.license, `"license" must be "${common.license}", as in the root`],
    [common.author && manifest.author === common.author, `"author" must be the root's: ${common.author}`],
    [manifest.engines?.node === common.engines.node, `"engines.node" must be "${common.engines.node}"`],
    [Boolean(manifest.description), '"description" is missing'],
    [hook === undefined, `the install script "${hook}" is banned`],
  ]);
}

/** Our packages name each other by the exact version they were tested with. */
function versionFaults({ manifest }, versions) {
  return Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter(([name, range]) => versions.has(name) && versions.get(name) !== range)
    .map(([name, range]) => `${name} is ${versions.get(name)}, but "${range}" is asked for`);
}

/** The build order (tsconfig references) is the dependency order. */
function referenceFaults(root, { folder, manifest }) {
  const { references = [] } = readJson(join(root, folder, 'tsconfig.json'));
  const referenced = references.map(({ path }) => `@bipvl/${path.split('/').at(-1)}`).sort();
  const depended = Object.keys(manifest.dependencies ?? {})
    .filter((name) => name.startsWith('@bipvl/'))
    .sort();
  if (referenced.join() === depended.join()) return [];
  return [
    `tsconfig.json references ${referenced.join(', ') || 'nothing'}, dependencies say ${depended.join(', ') || 'nothing'}`,
  ];
}

function publicFaults(root, { folder, manifest }) {
  const { exports = {}, files = [], bin = {}, repository, publishConfig } = manifest;
  return [
    ...unmet([
      [manifest.sideEffects === false, '"sideEffects" must be false'],
      [repository?.directory === folder, `"repository.directory" must be "${folder}"`],
      [repository?.type === 'git' && Boolean(repository.url), '"repository" must name its git address'],
      [publishConfig?.provenance === true, '"publishConfig.provenance" must be true'],
      [publishConfig?.access === 'public', '"publishConfig.access" must be "public"'],
      [
        publishedFiles.every((pattern) => files.includes(pattern)),
        `"files" must hold ${publishedFiles.join(' ')}`,
      ],
      [exports['./package.json'] === './package.json', '"exports" must hold "./package.json"'],
      [existsSync(join(root, folder, 'README.md')), 'README.md is missing beside it'],
      [existsSync(join(root, folder, 'LICENSE')), 'LICENSE is missing beside it'],
    ]),
    ...Object.entries(exports).flatMap(([key, entry]) => exportFaults(key, entry)),
    ...Object.values(bin)
      .filter((path) => !existsSync(join(root, folder, path)))
      .map((path) => `the command ${path} is missing (it must be committed, not built)`),
  ];
}

function exportFaults(key, entry) {
  if (key === './package.json') return [];
  const conditions = Object.keys(entry);
  const isBuilt = Object.values(entry).every((path) => path.startsWith('./dist/'));
  if (conditions.join() === 'types,default' && isBuilt) return [];
  return [`"exports" of "${key}" must be "types", then "default", both in ./dist/`];
}
