import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from '../setup/run-captured.mjs';
import { StepFailure } from '../setup/step-failure.mjs';

const REQUIREMENTS = ['nibabel==5.4.2', 'scipy==1.17.1', 'numpy'];

/** The Python that has the libraries we compare with: an environment in the user's cache, made with pip at the first call. */
export async function python() {
  const { cacheFolder } = await import('../../packages/engine/dist/cache-folder.js');
  const pinned = REQUIREMENTS.filter((requirement) => requirement.includes('=='));
  const folder = join(cacheFolder(), 'python', pinned.join('-').replaceAll('==', '-'));
  const interpreter = join(
    folder,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const stamp = join(folder, 'complete');
  if (existsSync(stamp)) return interpreter;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const program = process.platform === 'win32' ? 'python' : 'python3';
  await step(program, ['-m', 'venv', folder], 'install Python 3 with its venv module (Debian: python3-venv)');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS];
  await step(
    interpreter,
    install,
    'check the connection and `pip config list`, then run the same command again',
  );
  writeFileSync(stamp, `${REQUIREMENTS.join('\n')}\n`);
  return interpreter;
}

async function step(program, parameters, mend) {
  const { status, output } = await runCaptured(program, parameters, {}).catch((error) => {
    throw new StepFailure(`${program} cannot be started (${error.code})`, { mend });
  });
  if (status !== 0)
    throw new StepFailure(`${program} ${parameters.slice(0, 3).join(' ')} failed`, { output, mend });
}
