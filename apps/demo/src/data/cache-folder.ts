import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The user's cache folder, the one that `@bipvl/engine` uses: `BIPVL_CACHE` where set, else the platform's own place
 * (`$XDG_CACHE_HOME/bipvl`, `~/.cache/bipvl`, `~/Library/Caches/bipvl`, `%LOCALAPPDATA%\bipvl\Cache`).
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv,
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
