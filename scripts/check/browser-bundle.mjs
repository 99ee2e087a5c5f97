#!/usr/bin/env node
// `npm run check:browser`: packs @bipvl/preprocess, installs the tarball in an empty folder, bundles a page by Vite that runs the
// README's lines and reads every format, and opens it in headless Chromium. No request may leave the page's own host.
// Exits with 3 and says so where there is no Chromium; the last line is `N passed, N failed`.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../setup/build.mjs';
import { runSteps } from '../setup/run-steps.mjs';
import { checksOf } from './browser-bundle/checks.mjs';
import { findChromium } from './browser-bundle/find-chromium.mjs';
import { installTarball } from './browser-bundle/install-tarball.mjs';
import { openPage } from './browser-bundle/open-page.mjs';
import { serve } from './browser-bundle/serve.mjs';
import { bundlePage } from './browser-bundle/write-page.mjs';

const NO_CHROMIUM = 3;
const root = fileURLToPath(new URL('../..', import.meta.url));

process.exitCode = await main();

async function main() {
  const chromium = findChromium();
  if (chromium === undefined) {
    console.log('browser: left out, there is no Chromium; install one, or name it in CHROMIUM_PATH');
    return NO_CHROMIUM;
  }
  const status = process.argv.includes('--built') ? 0 : await runSteps(root, [{ name: 'build', run: build }]);
  if (status !== 0) return status;
  const folder = mkdtempSync(join(tmpdir(), 'bipvl-browser-'));
  try {
    await installTarball(root, folder);
    return await checkPage(folder, chromium);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkPage(folder, chromium) {
  const site = await serve(await bundlePage(root, folder));
  const page = await openPage(folder, chromium, site.url);
  try {
    return await report(await checksOf(root, folder, page, site.url));
  } finally {
    await page.close();
    site.close();
  }
}

/** Runs the checks one after the other, a line for each. */
async function report(checks) {
  let failed = 0;
  for (const [name, check] of checks) {
    try {
      await check();
      console.log(`ok   ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${name}\n     ${error.message}`);
    }
  }
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
