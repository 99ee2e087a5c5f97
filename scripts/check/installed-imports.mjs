import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCaptured } from '../setup/run-captured.mjs';
import { entrySpecifiers } from './workspaces.mjs';

const importer = `
for (const specifier of process.argv.slice(2)) {
  try {
    const module = await import(specifier);
    if (Object.keys(module).length === 0) console.log(specifier + ' exports nothing');
  } catch (error) {
    console.log(specifier + ' does not import: ' + error.message);
  }
}`;

/**
 * Installs the tarballs in a temporary folder and imports every entry and starts every command there. Each package sees only what it
 * declares, optional peers left out, so an undeclared import or one that needs the native engine fails.
 * @param {import('./pack.mjs').Tarball[]} tarballs
 */
export async function importFaults(root, tarballs, temporary) {
  const folders = new Map(
    tarballs.map(({ workspace }) => [workspace.name, join(temporary, workspace.folder)]),
  );
  for (const { workspace, path } of tarballs) {
    const folder = folders.get(workspace.name);
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', path, '-C', folder, '--strip-components=1']);
    for (const name of requiredPackages(workspace.manifest)) {
      link(
        folders.get(name) ?? installedAt(root, workspace.folder, name),
        join(folder, 'node_modules', name),
      );
    }
  }
  const consumer = join(temporary, 'consumer');
  for (const [name, folder] of folders) link(folder, join(consumer, 'node_modules', name));
  return [...(await entryFaults(consumer, tarballs)), ...(await commandFaults(folders, tarballs))];
}

/** Dependencies, and the peers that are not optional. */
function requiredPackages({ dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys(dependencies), ...peers];
}

function installedAt(root, folder, name) {
  const own = join(root, folder, 'node_modules', name);
  return existsSync(own) ? own : join(root, 'node_modules', name);
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

async function entryFaults(consumer, tarballs) {
  const script = join(consumer, 'import-entries.mjs');
  writeFileSync(script, importer);
  const specifiers = tarballs.flatMap(({ workspace }) => entrySpecifiers(workspace));
  const { status, output } = await runCaptured(process.execPath, [script, ...specifiers], { cwd: consumer });
  const faults = output.split('\n').filter(Boolean);
  return status === 0 || faults.length > 0 ? faults : [`importing the entries ended with status ${status}`];
}

async function commandFaults(folders, tarballs) {
  const faults = [];
  for (const { workspace } of tarballs) {
    for (const [command, path] of Object.entries(workspace.manifest.bin ?? {})) {
      const folder = folders.get(workspace.name);
      const { status, output } = await runCaptured(process.execPath, [join(folder, path), '--help'], {
        cwd: folder,
      });
      if (status !== 0) faults.push(`${command} --help ended with status ${status}\n${output}`);
    }
  }
  return faults;
}
