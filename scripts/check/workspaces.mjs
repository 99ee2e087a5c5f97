import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A package or app of the repository.
 * @typedef {{ folder: string, name: string, manifest: Record<string, any>, isPublic: boolean }} Workspace
 */

/** All packages and apps, by folder (`packages/nn`). @returns {Workspace[]} */
export function readWorkspaces(root) {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .sort()
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => readWorkspace(root, folder)),
  );
}

function readWorkspace(root, folder) {
  const manifest = readJson(join(root, folder, 'package.json'));
  return { folder, name: manifest.name, manifest, isPublic: manifest.private !== true };
}

/** The exports a user can import, as specifiers: `@bipvl/nn`, `@bipvl/nn/node` ... */
export function entrySpecifiers({ name, manifest }) {
  return Object.keys(manifest.exports ?? {})
    .filter((key) => key !== './package.json')
    .map((key) => name + key.slice(1));
}

/** Packages a manifest lets its code import: dependencies and peers. */
export function declaredImports({ manifest }) {
  return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
