import { join } from 'node:path';
import { runCaptured } from '../setup/run-captured.mjs';
import { allowedImports, loadedWithoutImport } from './architecture.mjs';
import { declaredImports, readWorkspaces } from './workspaces.mjs';

const cruiser = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
const parameters = ['packages', 'apps', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'];

/** One-way arrows and no cycles (.dependency-cruiser.mjs), and manifests that declare exactly what the sources import. */
export async function arrows(root) {
  const { output } = await runCaptured(process.execPath, [join(root, cruiser), ...parameters], { cwd: root });
  if (!output.startsWith('{')) return [output];
  const { modules, summary } = JSON.parse(output);
  const workspaces = readWorkspaces(root);
  return [
    ...tableFaults(workspaces),
    ...summary.violations.map(describe),
    ...workspaces.flatMap((workspace) =>
      declarationFaults(workspace, importsOf(workspace, modules), workspaces),
    ),
  ];
}

/** The table must name every folder, and in an order in which each package names only those above it. */
function tableFaults(workspaces) {
  const folders = Object.keys(allowedImports);
  const missing = workspaces.filter(({ folder }) => !folders.includes(folder));
  const upward = folders.flatMap((folder, row) =>
    [allowedImports[folder]]
      .flat()
      .filter((name) => name.startsWith('@bipvl/'))
      .filter((name) => !folders.slice(0, row).includes(name.replace('@bipvl', 'packages')))
      .map(
        (name) => `${folder} names ${name}, which does not stand above it in scripts/check/architecture.mjs`,
      ),
  );
  return [...missing.map(({ folder }) => `${folder} is not in scripts/check/architecture.mjs`), ...upward];
}

function describe({ rule, from, to, cycle }) {
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' -> ');
  return `${rule.name}: ${from} -> ${path}`;
}

/** Packages that the published sources of a workspace import. */
function importsOf({ folder, name }, modules) {
  const isOwn = ({ source }) =>
    source.startsWith(`${folder}/src/`) && !/\.test(-d|-support)?\.ts$/.test(source);
  return new Set(
    modules
      .filter(isOwn)
      .flatMap(importedPackages)
      .filter((it) => it !== name),
  );
}

function declarationFaults(workspace, used, workspaces) {
  const { folder } = workspace;
  const declared = declaredImports(workspace);
  const needed = new Set([...used, ...(loadedWithoutImport[folder] ?? []), ...peersOf(declared, workspaces)]);
  return [
    ...[...used]
      .filter((it) => !declared.includes(it))
      .map((it) => `${folder} imports ${it} but does not declare it`),
    ...declared.filter((it) => !needed.has(it)).map((it) => `${folder} declares ${it} but never imports it`),
  ];
}

/** What our own packages among these want beside them; who depends on them must declare it. */
function peersOf(names, workspaces) {
  return workspaces
    .filter(({ name }) => names.includes(name))
    .flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
}

/** Package names among the imports of a module; its own files and Node's modules left out. */
function importedPackages({ dependencies }) {
  return dependencies
    .filter(({ coreModule, module }) => !coreModule && !module.startsWith('.'))
    .map(({ module }) =>
      module
        .split('/')
        .slice(0, module.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
