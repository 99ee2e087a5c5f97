import { join } from 'node:path';
import { EngineError } from './errors.js';
import { type CommandResult, lastLine, runCommand } from './run-command.js';
import type { Wheel } from './wheels.js';

/** A command line that runs pip, without its verb. */
export type Pip = readonly [program: string, ...parameters: string[]];

const candidates: readonly Pip[] = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];

/** The first pip that answers. Throws `pip-missing` naming the command that installs it. */
export async function findPip(): Promise<Pip> {
  for (const pip of candidates) {
    const [program, ...parameters] = pip;
    const answer = await runCommand(program, [...parameters, '--version']);
    if (answer?.status === 0) return pip;
  }
  throw new EngineError(
    'pip-missing',
    "pip not found: it fetches TensorFlow's library from the package index",
    {
      kind: 'resource',
      hint: `${pipRemedy()}, then run \`npx bipvl-engine install\` again (or give a wheel fetched elsewhere: --wheel FILE)`,
    },
  );
}

function pipRemedy(): string {
  if (process.platform === 'darwin') return 'run `brew install python`';
  return 'run `sudo apt-get install python3-pip` (Fedora: `sudo dnf install python3-pip`)';
}

/**
 * Fetches one pinned wheel into a folder, from whatever index pip is set up for; returns the file's path.
 * Throws `network-unreachable` or `wheel-not-found`. The caller checks the hash.
 */
export async function downloadWheel(pip: Pip, wheel: Wheel, folder: string): Promise<string> {
  const [program, ...parameters] = pip;
  const request = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-input',
    '--progress-bar=off',
    '--retries=2',
  ];
  const target = ['--python-version', '3.11', '--platform', wheel.tag, '--dest', folder];
  const result = await runCommand(program, [
    ...parameters,
    ...request,
    ...target,
    `${wheel.project}==${wheel.version}`,
  ]);
  if (result?.status === 0) return join(folder, wheel.file);
  throw downloadError(wheel, result);
}

const networkTrouble =
  /NewConnectionError|ConnectionError|ConnectTimeout|ReadTimeout|name resolution|Name or service not known|Network is unreachable|Connection (refused|reset)|ProxyError|SSLError|timed out/i;

function downloadError(wheel: Wheel, result: CommandResult | null): EngineError {
  const said = result === null ? 'pip disappeared' : result.stderr;
  if (networkTrouble.test(said)) {
    return new EngineError(
      'network-unreachable',
      `the package index could not be reached for ${wheel.file}`,
      {
        kind: 'resource',
        hint: "check the connection and pip's index (`pip config list`), then run `npx bipvl-engine install` again, or give the file: --wheel FILE",
      },
    );
  }
  const reason = lastLine(said);
  return new EngineError('wheel-not-found', `pip could not download ${wheel.file}: ${reason}`, {
    kind: 'resource',
    hint: `try \`pip download --no-deps ${wheel.project}==${wheel.version}\` to see why; a wheel fetched elsewhere works too: --wheel FILE`,
  });
}
