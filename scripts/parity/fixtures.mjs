import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the golden data lie: `BIPVL_FIXTURES`, else ../shared/fixtures. `folder` is undefined where they are not there.
 * @param {string} root folder of the repository
 * @returns {{ folder: string | undefined, named: string | undefined }}
 */
export function fixturesFolder(root) {
  const { BIPVL_FIXTURES } = process.env;
  const named = BIPVL_FIXTURES || undefined;
  const folder = named ?? join(root, '..', 'shared', 'fixtures');
  return { folder: existsSync(folder) ? folder : undefined, named };
}

/**
 * Every case as `<group>/<case>`: one for each sidecar.
 * @param {string} folder
 * @returns {string[]}
 */
export function fixtureCases(folder) {
  const groups = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups.flatMap(({ name }) =>
    readdirSync(join(folder, name))
      .filter((file) => file.endsWith('.json'))
      .map((file) => `${name}/${file.slice(0, -'.json'.length)}`)
      .sort(),
  );
}
