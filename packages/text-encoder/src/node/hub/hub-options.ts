import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { hubFault } from './hub-fault.js';

/** How a model is fetched from a hub, and where it is kept. */
export interface HubOptions {
  /** Base URL of a server that speaks the paths of Hugging Face's hub. Default: `HF_ENDPOINT` where set, else https://huggingface.co. */
  readonly hub?: string;
  /** Branch, tag or commit. Default 'main'. */
  readonly revision?: string;
  /** Keeps the files of fetched models. Default: `models` in the user's BiPVL cache (`BIPVL_CACHE`, `~/.cache/bipvl`). */
  readonly cacheFolder?: string;
  /** SHA-256 that files must have, by name; else what the hub announces. */
  readonly sha256?: Readonly<Record<string, string>>;
  /** Makes no connection: what is not in the cache is an error. Default: whether `HF_HUB_OFFLINE` is 1. */
  readonly offline?: boolean;
  readonly signal?: AbortSignal;
  /** Hears how many bytes of a file have come, of how many. */
  readonly onProgress?: (file: string, done: number, total: number) => void;
  /** Waits in ms before each further attempt after a connection was cut or the server was busy. Default 500, 2000 and 8000. */
  readonly retryDelays?: readonly number[];
  /** A connection that is silent for so many ms counts as cut. Default 30000. */
  readonly silence?: number;
}

/** The options with their defaults. */
export interface Hub {
  /** Without a slash at the end. */
  readonly base: URL;
  readonly revision: string;
  readonly cacheFolder: string;
  readonly sha256: Readonly<Record<string, string>>;
  readonly offline: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (file: string, done: number, total: number) => void;
  readonly retryDelays: readonly number[];
  readonly silence: number;
}

/** @throws NetworkError `bad-hub` for a URL that is neither https nor of this machine, or for a revision that is no name. */
export function resolveHub(options: HubOptions, environment: NodeJS.ProcessEnv = process.env): Hub {
  const { revision = 'main', retryDelays = [500, 2000, 8000], silence = 30_000 } = options;
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(revision))
    throw hubFault('bad-hub', `'${revision}' is no revision`);
  return {
    base: secureUrl(options.hub ?? (environment['HF_ENDPOINT'] || 'https://huggingface.co')),
    revision,
    cacheFolder: resolve(options.cacheFolder ?? join(userCache(environment), 'models')),
    sha256: options.sha256 ?? {},
    offline: options.offline ?? environment['HF_HUB_OFFLINE'] === '1',
    signal: options.signal,
    onProgress: options.onProgress ?? (() => {}),
    retryDelays,
    silence,
  };
}

/** The URL, where what comes over it cannot be changed on the way. @throws NetworkError `bad-hub` */
export function secureUrl(text: string, from?: URL): URL {
  const url = URL.canParse(text, from?.href) ? new URL(text, from?.href) : undefined;
  const isLoopback = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return url;
  throw hubFault('bad-hub', `'${text}' is no https URL`);
}

/** The same place as that of @bipvl/engine, which a library does not import. */
function userCache(environment: NodeJS.ProcessEnv): string {
  const own = environment['BIPVL_CACHE'];
  if (own) return own;
  const shared = environment['XDG_CACHE_HOME'];
  if (shared) return join(shared, 'bipvl');
  const local = environment['LOCALAPPDATA'];
  if (process.platform === 'win32' && local) return join(local, 'bipvl', 'Cache');
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'bipvl')
    : join(homedir(), '.cache', 'bipvl');
}
