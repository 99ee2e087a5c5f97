import { join } from 'node:path';
import { readJson, readWorkspaces } from './workspaces.mjs';

const allowedLicences = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);
// Compares two version numbers and prints a warning; nothing is missing where it did not run.
const harmlessInstallScripts = [/(^|\/)node_modules\/protobufjs$/];
const slimPackages = [
  'packages/bifusion',
  'packages/losses',
  'packages/metrics',
  'packages/nn',
  'packages/vision',
];
const slimTree = 30;

/** What a user installs with our packages: permissive licences, no install script, and slim trees (package-lock.json). */
export async function supplyChain(root) {
  const { packages } = readJson(join(root, 'package-lock.json'));
  return readWorkspaces(root)
    .filter(({ isPublic }) => isPublic)
    .flatMap(({ folder, manifest }) => treeFaults(folder, manifest, packages));
}

function treeFaults(folder, manifest, packages) {
  const tree = new Map();
  const missing = collect(folder, manifest, packages, tree);
  const entries = [...tree].filter(([path]) => path.includes('node_modules/'));
  const isHeavy = slimPackages.includes(folder) && entries.length >= slimTree;
  return [
    ...missing,
    ...entries
      .filter(([path, { hasInstallScript }]) => hasInstallScript && !isHarmless(path))
      .map(([path]) => `${folder} brings ${path}, which has an install script`),
    ...entries
      .filter(([, { license }]) => !isAllowed(license))
      .map(([path, { license }]) => `${folder} brings ${path} under the licence ${license}`),
    ...(isHeavy ? [`${folder} brings ${entries.length} packages; fewer than ${slimTree} are allowed`] : []),
  ];
}

function isHarmless(path) {
  return harmlessInstallScripts.some((pattern) => pattern.test(path));
}

/** Walks dependencies and required peers into `tree`, by their place in the lockfile; returns what is not there. */
function collect(folder, manifest, packages, tree) {
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys(dependencies), ...peers].flatMap((name) => {
    const path = locate(folder, name, packages);
    if (path === undefined)
      return [`${folder} needs ${name}, which package-lock.json does not hold: run npm install`];
    if (tree.has(path)) return [];
    tree.set(path, packages[path]);
    return collect(path, packages[path], packages, tree);
  });
}

/** Node's own search: node_modules of the folder, then of each folder above; a link leads to the workspace. */
function locate(folder, name, packages) {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[path] !== undefined) return packages[path].link ? packages[path].resolved : path;
    if (at === '') return undefined;
  }
}

/** SPDX: one of the alternatives, or all of the parts, must be allowed. */
function isAllowed(expression = '') {
  const alternatives = expression.replace(/[()]/g, '').split(' OR ');
  return alternatives.some((parts) => parts.split(' AND ').every((licence) => allowedLicences.has(licence)));
}
