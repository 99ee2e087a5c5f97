import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCaptured } from './run-captured.mjs';
import { StepFailure } from './step-failure.mjs';

// Install scripts stay off: those of the native packages fetch from places outside the registry, and fail where only that is reachable.
const parameters = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** Installs what package-lock.json names, unless exactly that is installed. */
export async function dependencies(root) {
  if (areInstalled(root)) return 'already installed';
  const { status, output } = await runNpm(root);
  if (status === 0) return 'installed';
  throw failure(output);
}

function failure(output) {
  const [reason = ''] = output.split(/^npm error Clean install a project$/m);
  const said = reason
    .split('\n')
    .filter((line) => /^npm error \S/.test(line) && !line.includes('complete log'));
  const outOfStep = output.includes('code EUSAGE');
  return new StepFailure(outOfStep ? 'package.json and package-lock.json do not agree' : 'npm ci failed', {
    output: said.join('\n'),
    mend: outOfStep
      ? 'run `npm install --ignore-scripts` and keep the package-lock.json it writes'
      : 'check the connection and `npm config get registry`, then run the same command again',
  });
}

function runNpm(root) {
  const { npm_execpath: npm } = process.env;
  if (npm && basename(npm) === 'npm-cli.js')
    return runCaptured(process.execPath, [npm, ...parameters], { cwd: root });
  // npm is a batch file on Windows, which only a shell runs.
  return runCaptured('npm', parameters, { cwd: root, shell: process.platform === 'win32' });
}

/** npm writes its own list into node_modules as the last act of an install: compare the two. */
function areInstalled(root) {
  const installedList = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedList, 'utf8')).packages;
  // Packages for other systems are in the lock file only, and so are the workspaces themselves.
  const required = Object.keys(wanted).filter(
    (path) => path.includes('node_modules/') && !wanted[path].optional,
  );
  return (
    required.every((path) => path in installed) &&
    Object.keys(installed).every((path) => same(wanted[path], installed[path]))
  );
}

function same(wanted, installed) {
  return (
    wanted !== undefined && wanted.version === installed.version && wanted.integrity === installed.integrity
  );
}
