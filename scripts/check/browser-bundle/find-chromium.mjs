import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The path of an installed Chromium: CHROMIUM_PATH, or the first of its usual names on the PATH. */
export function findChromium() {
  const { CHROMIUM_PATH: named, PATH = '' } = process.env;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const folders = PATH.split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
}
