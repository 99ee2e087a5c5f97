import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.js';

test.each([
  [{ BIPVL_CACHE: 'own', XDG_CACHE_HOME: '/x' }, 'linux', resolve('own')],
  [{ XDG_CACHE_HOME: '/x' }, 'linux', join(resolve('/x'), 'bipvl')],
  [{}, 'linux', join(homedir(), '.cache', 'bipvl')],
  [{ BIPVL_CACHE: '', XDG_CACHE_HOME: '' }, 'linux', join(homedir(), '.cache', 'bipvl')],
  [{}, 'darwin', join(homedir(), 'Library', 'Caches', 'bipvl')],
  [{ LOCALAPPDATA: 'local' }, 'win32', join('local', 'bipvl', 'Cache')],
] as const)('the cache of %o on %s', (environment, platform, expected) => {
  expect(cacheFolder(environment, platform)).toBe(expected);
});
