import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stand-in does wrong, in turn; each fault serves one request for contents. */
export type Misdeed = 'cut' | 'busy' | 'silent' | 'no-ranges' | 'flipped-bit' | 'longer';

/** A server on loopback that speaks the paths of Hugging Face's hub: large files by a redirect with their SHA-256, small ones with git's hash. */
export interface StandInHub {
  readonly url: string;
  /** Method, path and range of every request. */
  readonly requests: string[];
  /** Taken from the front. */
  readonly misdeeds: Misdeed[];
  close(): Promise<void>;
}

export interface StandInOptions {
  /** By 'owner/name/file'. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files of more bytes lie in the storage that the hub redirects to. Default 2000. */
  readonly large?: number;
  /** Where the hub redirects to instead. */
  readonly storage?: string;
}

const revision = '/resolve/main/';

export async function standInHub({ files, large = 2000, storage }: StandInOptions): Promise<StandInHub> {
  const requests: string[] = [];
  const misdeeds: Misdeed[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    requests.push([request.method, path, request.headers.range].filter(Boolean).join(' '));
    const body = files.get(path.replace(revision, '/').replace('/storage/', '').replace(/^\//, ''));
    if (path.startsWith('/gated/')) return end(response, 401, { 'x-error-code': 'GatedRepo' });
    if (![...files.keys()].some((name) => path.includes(name.slice(0, name.lastIndexOf('/'))))) {
      return end(response, 401, { 'x-error-code': 'RepoNotFound' });
    }
    if (body === undefined) return end(response, 404, { 'x-error-code': 'EntryNotFound' });
    if (body.byteLength > large && !path.startsWith('/storage/')) {
      const location = storage ?? `/storage${path.replace(revision, '/')}`;
      return end(response, 302, { location, 'x-linked-size': body.byteLength, 'x-linked-etag': `"${sha256(body)}"` });
    }
    const headers = { etag: `"${gitHash(body)}"`, 'content-length': body.byteLength };
    if (request.method === 'HEAD') return end(response, 200, headers);
    send(request, response, body, misdeeds.shift());
  };
  const server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    misdeeds,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  misdeed: Misdeed | undefined,
): void {
  if (misdeed === 'busy') return end(response, 503, {});
  const from = misdeed === 'no-ranges' ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = misdeed === 'longer' ? new Uint8Array(body.byteLength + 1) : body.slice(from);
  if (misdeed === 'flipped-bit') rest[0] = (rest[0] ?? 0) ^ 1;
  const range = from > 0 ? { 'content-range': `bytes ${from}-${body.byteLength - 1}/${body.byteLength}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.byteLength, ...range });
  if (misdeed !== 'cut' && misdeed !== 'silent') response.end(rest);
  else {
    const half = rest.slice(0, rest.byteLength >> 1);
    response.write(half, () => misdeed === 'cut' && setTimeout(() => response.destroy(), 20));
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string | number>): void {
  response.writeHead(status, headers).end();
}

export function sha256(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

function gitHash(body: Uint8Array): string {
  return createHash('sha1').update(`blob ${body.byteLength}\0`).update(body).digest('hex');
}
