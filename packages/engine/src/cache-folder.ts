import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The user's cache folder for BiPVL: `BIPVL_CACHE` where set, else the platform's own place
 * (`$XDG_CACHE_HOME/bipvl`, `~/.cache/bipvl`, `~/Library/Caches/bipvl`, `%LOCALAPPDATA%\bipvl\Cache`).
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = environment['BIPVL_CACHE'];
  if (own) return resolve(own);
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'bipvl', 'Cache');
  }
  const shared = environment['XDG_CACHE_HOME'];
  if (shared) return join(resolve(shared), 'bipvl');
  return platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'bipvl')
    : join(homedir(), '.cache', 'bipvl');
}

/** The folder below the cache that holds one complete engine per key, and nothing half-made under such a key. */
export function engineFolder(): string {
  return join(cacheFolder(), 'engine');
}
