import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { readWorkspaces } from './workspaces.mjs';

/**
 * A packed workspace, exactly as it would be published.
 * @typedef {{ workspace: import('./workspaces.mjs').Workspace, path: string, files: string[], bytes: number }} Tarball
 */

/**
 * Packs every public package and app, as built, into the folder; no script of theirs runs.
 * @returns {Promise<Tarball[]>}
 */
export async function pack(root, destination) {
  mkdirSync(destination, { recursive: true });
  const workspaces = readWorkspaces(root).filter(({ isPublic }) => isPublic);
  const chosen = workspaces.flatMap(({ folder }) => ['--workspace', folder]);
  const parameters = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...chosen];
  const { stdout } = await promisify(execFile)('npm', parameters, { cwd: root, maxBuffer: 64 * 2 ** 20 });
  // npm's next major version answers with an object by package name.
  const packed = new Map(Object.values(JSON.parse(stdout)).map((answer) => [answer.name, answer]));
  return workspaces.map((workspace) => {
    const { filename, files, size } = packed.get(workspace.name);
    return {
      workspace,
      path: join(destination, filename),
      files: files.map(({ path }) => path),
      bytes: size,
    };
  });
}

/** Writes SHA256SUMS beside the tarballs, in the form `sha256sum --check` reads. */
export function writeChecksums(tarballs, destination) {
  const lines = tarballs.map(({ path }) => {
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    return `${hash}  ${basename(path)}\n`;
  });
  writeFileSync(join(destination, 'SHA256SUMS'), lines.join(''));
}
