#!/usr/bin/env node
// `npm run check:nibabel`: what we write is read by nibabel as we meant it, and what nibabel writes is read by us as nibabel
// reads it; so are the files of ../shared/data/io (or BIPVL_DATA) where they are. nibabel is installed once, in the cache.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../setup/build.mjs';
import { runSteps } from '../setup/run-steps.mjs';
import { python } from './python.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
let interpreter = '';

process.exitCode = await main();

async function main() {
  const status = await runSteps(root, [
    { name: 'build', run: build },
    {
      name: 'nibabel',
      run: async () => {
        interpreter = await python();
        return interpreter;
      },
    },
  ]);
  return status === 0 ? check() : status;
}

async function check() {
  const { checkOurFiles } = await import('./our-files.mjs');
  const { checkTheirFiles } = await import('./their-files.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'bipvl-nibabel-'));
  try {
    return report([
      ...(await checkOurFiles(interpreter, folder)),
      ...(await checkTheirFiles(interpreter, folder, sharedFiles())),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The folder with files of other programs, undefined where it is not there. */
function sharedFiles() {
  const { BIPVL_DATA } = process.env;
  const folder = join(BIPVL_DATA || join(root, '..', 'shared', 'data'), 'io');
  if (existsSync(folder)) return folder;
  process.stdout.write('files of other programs: left out, there is no ../shared/data/io; set BIPVL_DATA\n');
  return undefined;
}

/** Each verdict is the name of a file and what is wrong with it, an empty text where nothing is. */
function report(verdicts) {
  const failed = verdicts.filter(({ fault }) => fault !== '');
  for (const { name, fault } of failed) process.stdout.write(`failed    ${name}: ${fault}\n`);
  process.stdout.write(`${verdicts.length - failed.length} passed, ${failed.length} failed\n`);
  return failed.length === 0 && verdicts.length > 0 ? 0 : 1;
}
