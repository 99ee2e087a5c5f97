import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PATIENCE_MS = 30_000;

/** Opens the page in headless Chromium and keeps the address of every request and the text of every error. */
export async function openPage(folder, executablePath, url) {
  const { chromium } = await import(
    pathToFileURL(join(folder, 'node_modules/playwright-core/index.mjs')).href
  );
  // In a container Chromium has neither the rights nor the shared memory that it wants.
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  const browser = await chromium.launch({ executablePath, args });
  const context = await browser.newContext();
  const page = await context.newPage();
  const requests = [];
  const errors = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  await page.waitForFunction('window.ready === true', undefined, { timeout: PATIENCE_MS });
  return {
    requests,
    errors,
    call: (name, ...values) => page.evaluate(([fn, given]) => window[fn](...given), [name, values]),
    close: () => browser.close(),
  };
}
