import { setTimeout as wait } from 'node:timers/promises';
import { NetworkError } from '@bipvl/nn';
import { hubFault, reasonOf } from './hub-fault.js';
import { type Hub, secureUrl } from './hub-options.js';

/** What the hub answered, redirects followed. */
export interface HubAnswer {
  readonly response: Response;
  /** The first value of a header on the way: the hub describes a file where it redirects to its storage. */
  readonly header: (name: string) => string | null;
}

export interface Question {
  readonly method: 'HEAD' | 'GET';
  /** First byte that is wanted. Default 0. */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

const mostRedirects = 6;

/**
 * Asks the hub for a file, over https and redirects to https alone. A file that is not there has status 404, a range past the end 416.
 * @throws NetworkError `model-not-found`, `gated-model`, `hub-unavailable`, `bad-hub`
 */
export async function askHub(url: URL, { method, from = 0, signal }: Question): Promise<HubAnswer> {
  const headers = { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  const passed: Headers[] = [];
  let place = url;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const response = await connect(place, { method, headers, redirect: 'manual', ...(signal && { signal }) });
    passed.push(response.headers);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      const header = (name: string) => passed.find((each) => each.has(name))?.get(name) ?? null;
      await refuse(response, url);
      return { response, header };
    }
    await response.body?.cancel();
    place = secureUrl(location, place);
  }
  throw hubFault('hub-unavailable', `${url} is redirected more than ${mostRedirects} times`);
}

/** Repeats what failed because the hub could not be reached, or broke off, after each of the waits. */
export async function withRetries<T>({ retryDelays, signal }: Hub, work: () => Promise<T>): Promise<T> {
  for (const delay of [...retryDelays, undefined]) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const mayPass = NetworkError.isInstance(error) && error.code === 'hub-unavailable';
      if (!mayPass || delay === undefined) throw error;
      await wait(delay, undefined, signal ? { signal } : {});
    }
  }
  return work();
}

async function connect(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw hubFault('hub-unavailable', `${url.origin} cannot be reached (${reasonOf(cause)})`, cause);
  }
}

async function refuse({ status, headers, body }: Response, url: URL): Promise<void> {
  if (status === 200 || status === 206) return;
  await body?.cancel();
  if (status === 416) return;
  const code = headers.get('x-error-code');
  if (code === 'GatedRepo' || (status === 403 && code === null)) {
    throw hubFault('gated-model', `${url} is given only to those who accepted its terms (${status})`);
  }
  if (status === 404 && (code === null || code === 'EntryNotFound')) return;
  if (status === 401 || status === 403 || status === 404) {
    throw hubFault('model-not-found', `${url} is not there, or private (${code ?? status})`);
  }
  throw hubFault('hub-unavailable', `${url.origin} answers ${status}`);
}
