#!/usr/bin/env node
// `npm run check:nibabel`: what we write is read by nibabel as we meant it, and what nibabel writes is read by us as nibabel
// reads it; so are the files of ../shared/data/io (or BIPVL_DATA) where they are. nibabel is installed once, in the cache.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCheck } from '../python/run-check.mjs';

process.exitCode = await runCheck(async (interpreter, folder) => {
  const { checkOurFiles } = await import('./our-files.mjs');
  const { checkTheirFiles } = await import('./their-files.mjs');
  return [
    ...(await checkOurFiles(interpreter, folder)),
    ...(await checkTheirFiles(interpreter, folder, sharedFiles())),
  ];
});

/** The folder with files of other programs, undefined where it is not there. */
function sharedFiles() {
  const { BIPVL_DATA } = process.env;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = join(BIPVL_DATA || join(root, '..', 'shared', 'data'), 'io');
  if (existsSync(folder)) return folder;
  process.stdout.write('files of other programs: left out, there is no ../shared/data/io; set BIPVL_DATA\n');
  return undefined;
}
