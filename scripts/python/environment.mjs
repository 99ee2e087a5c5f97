import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from '../setup/run-captured.mjs';
import { StepFailure } from '../setup/step-failure.mjs';

/** What nibabel's and SciPy's checks compare with. */
const COMMON = { requirements: ['nibabel==5.4.2', 'scipy==1.17.1', 'numpy'] };

/**
 * The Python that has the libraries we compare with: an environment in the user's cache, made with pip at the first call. `alone` are packages
 * that are taken without what they depend on.
 */
export async function python({ requirements, alone = [] } = COMMON) {
  const { cacheFolder } = await import('../../packages/engine/dist/cache-folder.js');
  const pinned = [...requirements, ...alone].filter((requirement) => requirement.includes('=='));
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
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const mend = 'check the connection and `pip config list`, then run the same command again';
  await step(interpreter, [...install, ...requirements], mend);
  if (alone.length > 0) await step(interpreter, [...install, '--no-deps', ...alone], mend);
  writeFileSync(stamp, `${[...requirements, ...alone].join('\n')}\n`);
  return interpreter;
}

async function step(program, parameters, mend) {
  const { status, output } = await runCaptured(program, parameters, {}).catch((error) => {
    throw new StepFailure(`${program} cannot be started (${error.code})`, { mend });
  });
  if (status !== 0)
    throw new StepFailure(`${program} ${parameters.slice(0, 3).join(' ')} failed`, { output, mend });
}
