import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where replies are kept: `concepts` in the cache folder that all of BiPVL's packages share (see `@bipvl/engine`). */
export function conceptCacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = environment['BIPVL_CACHE'];
  return join(own ? resolve(own) : platformFolder(environment, platform), 'concepts');
}

function platformFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'bipvl', 'Cache');
  const shared = environment['XDG_CACHE_HOME'];
  if (shared) return join(resolve(shared), 'bipvl');
  return platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'bipvl')
    : join(homedir(), '.cache', 'bipvl');
}
