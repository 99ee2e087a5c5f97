import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../setup/build.mjs';
import { runSteps } from '../setup/run-steps.mjs';
import { python } from './environment.mjs';

/**
 * A check against Python: builds, sets Python up, and prints what `judge` says of it, given the interpreter and an empty
 * folder. Each of its verdicts has a name and what is wrong, an empty text where nothing is. `packages` are those that
 * the check needs, where they are not the common ones. Resolves to the exit code.
 */
export async function runCheck(judge, packages) {
  let interpreter = '';
  const setPythonUp = async () => {
    interpreter = await python(packages);
    return interpreter;
  };
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const status = await runSteps(root, [
    { name: 'build', run: build },
    { name: 'python', run: setPythonUp },
  ]);
  if (status !== 0) return status;
  const folder = mkdtempSync(join(tmpdir(), 'bipvl-python-'));
  try {
    return report(await judge(interpreter, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(verdicts) {
  const failed = verdicts.filter(({ fault }) => fault !== '');
  for (const { name, fault } of failed) process.stdout.write(`failed    ${name}: ${fault}\n`);
  process.stdout.write(`${verdicts.length - failed.length} passed, ${failed.length} failed\n`);
  return failed.length === 0 && verdicts.length > 0 ? 0 : 1;
}
