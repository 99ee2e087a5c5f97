#!/usr/bin/env node
// `npm run parity`: every golden case of the fixtures (answers of PyTorch, MONAI and others) against our code, a line for each.

import { fileURLToPath } from 'node:url';
import { fixtureCases, fixturesFolder } from './parity/fixtures.mjs';
import { judgeCases, printVerdicts } from './parity/judge-cases.mjs';
import { runParityTests } from './parity/run-tests.mjs';
import { build } from './setup/build.mjs';
import { nativeEngine } from './setup/native-engine.mjs';
import { runSteps } from './setup/run-steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

process.exitCode = await main();

async function main() {
  const { folder, named } = fixturesFolder(root);
  if (folder === undefined && named !== undefined) {
    process.stderr.write(`error: BIPVL_FIXTURES names ${named}, which does not exist\n`);
    process.stderr.write(
      'mend: unset it, or point it to the folder with networks/, losses/, metrics/ and preproc/\n',
    );
    return 2;
  }
  if (folder === undefined) {
    process.stdout.write('parity: skipped, there is no ../shared/fixtures and BIPVL_FIXTURES is not set\n');
    return 0;
  }
  const status = await runSteps(root, [
    { name: 'build', run: build },
    { name: 'native engine', run: nativeEngine },
  ]);
  if (status !== 0) return status;
  const { tests, broken } = await runParityTests(root);
  const failed = printVerdicts(judgeCases(fixtureCases(folder), tests), broken);
  return failed ? 1 : 0;
}
