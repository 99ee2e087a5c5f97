import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Tools of the check alone, so they are not in the repository's own lockfile.
const TOOLS = ['vite@8.3.8', 'playwright-core@1.65.1'];

const run = promisify(execFile);

/** Packs @bipvl/preprocess as it would be published and installs it, as a user would, in the empty `folder`. */
export async function installTarball(root, folder) {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', [...pack, '--workspace', 'packages/preprocess'], { cwd: root });
  const [{ filename }] = Object.values(JSON.parse(stdout));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  await run('npm', [...install, join(folder, filename), ...TOOLS], { cwd: folder });
}
