import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@bipvl/nn/node';
import { askHub, withRetries } from './ask-hub.js';
import { type FileHash, hashFromTag, sameKindOfHash } from './file-hash.js';
import { hubFault, reasonOf } from './hub-fault.js';
import type { Hub } from './hub-options.js';

/** A file of the hub before it has come. */
interface RemoteFile {
  readonly url: URL;
  readonly name: string;
  readonly bytes: number;
  readonly hash: FileHash | undefined;
}

/**
 * Fetches a file to `path`; false where the hub has none of that name. It lies beside it as `.part` until it is whole and has the hash that
 * the hub names; a later call goes on with such a part.
 * @throws NetworkError `hub-unavailable`, `model-not-found`, `gated-model`, `wrong-hash`, `write-failed`
 */
export async function download(url: URL, name: string, path: string, hub: Hub): Promise<boolean> {
  const remote = await withRetries(hub, () => describe(url, name, hub));
  if (remote === undefined) return false;
  const part = partOf(remote, path);
  await guarded(part, () => (remote.hash === undefined ? rm(part, { force: true }) : undefined));
  await withRetries(hub, () => fetchRest(remote, part, hub));
  await verify(remote, part);
  await guarded(path, async () => {
    await rename(part, path);
    await syncFolder(dirname(path));
  });
  return true;
}

async function describe(url: URL, name: string, hub: Hub): Promise<RemoteFile | undefined> {
  const signal = together(hub.signal, AbortSignal.timeout(hub.silence));
  const { response, header } = await askHub(url, { method: 'HEAD', signal });
  if (response.status === 404) return undefined;
  const bytes = Number(header('x-linked-size') ?? response.headers.get('content-length') ?? Number.NaN);
  if (!Number.isSafeInteger(bytes)) throw hubFault('hub-unavailable', `${url} comes without its length`);
  return {
    url,
    name,
    bytes,
    hash: pinned(hub, name) ?? hashFromTag(header('x-linked-etag') ?? header('etag')),
  };
}

function pinned({ sha256 }: Hub, name: string): FileHash | undefined {
  const value = sha256[name];
  return value === undefined ? undefined : { kind: 'sha256', value };
}

/** The name holds the hash, so that a part of another version is never gone on with. */
function partOf({ hash }: RemoteFile, path: string): string {
  return `${path}.${hash?.value.slice(0, 16) ?? 'new'}.part`;
}

async function fetchRest(remote: RemoteFile, part: string, hub: Hub): Promise<void> {
  const there = await sizeOf(part);
  if (there === remote.bytes) return;
  const from = there < remote.bytes ? there : 0;
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), hub.silence);
  try {
    const question = { method: 'GET', from, signal: together(hub.signal, cut.signal) } as const;
    const { response } = await askHub(remote.url, question);
    await storeAnswer(response, { remote, from, part, hub, heard: () => timer.refresh() });
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes between two reports of progress. */
const toldEvery = 2 ** 20;

interface Storing {
  readonly remote: RemoteFile;
  /** Bytes that lie there already. */
  readonly from: number;
  readonly part: string;
  readonly hub: Hub;
  /** Called for each block that comes. */
  readonly heard: () => void;
}

async function storeAnswer({ status, body }: Response, storing: Storing): Promise<void> {
  const { remote, from, part } = storing;
  if (status === 404 || status === 416 || body === null) {
    throw hubFault('hub-unavailable', `${remote.url} answers ${status} to a request for its contents`);
  }
  // A server that knows no ranges sends all of it again.
  const start = status === 206 ? from : 0;
  const file = await guarded(part, () => open(part, start === 0 ? 'w' : 'a', 0o600));
  try {
    await append(body, file, { ...storing, from: start });
    await guarded(part, () => file.sync());
  } finally {
    await file.close();
  }
}

async function append(body: ReadableStream<Uint8Array>, file: FileHandle, storing: Storing): Promise<void> {
  const { remote, from, part, hub, heard } = storing;
  let done = from;
  let told = -toldEvery;
  for await (const block of received(body, remote)) {
    heard();
    done += block.byteLength;
    if (done > remote.bytes)
      throw wrong(remote, `has more than the ${remote.bytes} bytes that were announced`);
    await guarded(part, () => file.appendFile(block));
    if (done - told >= toldEvery || done === remote.bytes) {
      hub.onProgress(remote.name, done, remote.bytes);
      told = done;
    }
  }
  if (done < remote.bytes) {
    throw hubFault('hub-unavailable', `${remote.url} broke off after ${done} of ${remote.bytes} bytes`);
  }
}

async function* received(body: ReadableStream<Uint8Array>, { url }: RemoteFile): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw hubFault('hub-unavailable', `${url} broke off (${reasonOf(cause)})`, cause);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A part with another hash is removed: to go on with it would never mend it. */
async function verify(remote: RemoteFile, part: string): Promise<void> {
  const { hash, bytes } = remote;
  if (hash === undefined) return;
  const found = await sameKindOfHash(part, bytes, hash);
  if (found === hash.value) return;
  await rm(part, { force: true });
  throw wrong(remote, `has the ${hash.kind} hash ${found}, the hub announced ${hash.value}`);
}

function wrong({ url }: RemoteFile, what: string): Error {
  return hubFault('wrong-hash', `${url} ${what}`);
}

function together(given: AbortSignal | undefined, own: AbortSignal): AbortSignal {
  return given ? AbortSignal.any([given, own]) : own;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What the disk refuses, as a typed error. */
async function guarded<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw hubFault('write-failed', `cannot write ${path}: ${reasonOf(cause)}`, cause);
  }
}
