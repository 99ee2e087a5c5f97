import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { create } from 'tar';
import type { Archive } from '../hippocampus-archive.js';
import { temporaryFolder, writeSmallHippocampus } from './small-hippocampus.js';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP server on this machine; the nth request gets the nth answer, and further ones the last. */
export interface StandInMirror {
  readonly url: string;
  /** The `Range` header of each request so far; undefined where it had none. */
  readonly ranges: (string | undefined)[];
  close(): Promise<void>;
}

export async function startMirror(...answers: readonly Answer[]): Promise<StandInMirror> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)];
    ranges.push(request.headers.range);
    answer?.(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((done) => server.close(() => done()));
  };
  return { url: `http://127.0.0.1:${port}/Task04_Hippocampus.tar`, ranges, close };
}

/** The archive of a small hippocampus set, with the `._` files of macOS. */
export async function smallArchive(): Promise<Buffer> {
  const folder = temporaryFolder();
  const set = writeSmallHippocampus(join(folder, 'Task04_Hippocampus'));
  writeFileSync(join(set, '._dataset.json'), 'macOS');
  writeFileSync(join(set, 'imagesTr', '._hippocampus_000.nii.gz'), 'macOS');
  // So much that it travels in several pieces.
  writeFileSync(join(set, 'imagesTr', 'hippocampus_000.nii.gz'), Buffer.alloc(300_000, 7));
  const file = join(folder, 'archive.tar');
  await create({ file, cwd: folder, portable: true }, ['Task04_Hippocampus']);
  return readFileSync(file);
}

/** What the demo is told about an archive on a mirror of this machine. */
export function archiveOf(bytes: Buffer, url: string): Archive {
  return {
    url,
    md5: createHash('md5').update(bytes).digest('hex'),
    maximumBytes: 10_000_000,
    maximumUnpackedBytes: 10_000_000,
    maximumEntries: 200,
    patience: { answer: 400, piece: 400, pause: 10 },
  };
}

/** All of it, or the rest from where the request asks. */
export function serve(bytes: Buffer): Answer {
  return (request, response) => {
    const start = startOf(request);
    if (start === 0) response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    else if (start >= bytes.length) response.writeHead(416).end();
    else response.writeHead(206, rangeHeaders(start, bytes.length)).end(bytes.subarray(start));
  };
}

/** Promises all, sends the first `count` bytes and hangs up. */
export function cutAfter(bytes: Buffer, count: number): Answer {
  return (request, response) => {
    const start = startOf(request);
    response.writeHead(start > 0 ? 206 : 200, rangeHeaders(start, bytes.length));
    response.write(bytes.subarray(start, start + count), () => setTimeout(() => response.destroy(), 50));
  };
}

/** Sends the first bytes and then nothing, with the connection open. */
export function stallAfter(bytes: Buffer, count: number): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, count));
  };
}

export function status(code: number): Answer {
  return (_request, response) => {
    response.writeHead(code).end('no');
  };
}

function startOf(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

function rangeHeaders(start: number, total: number): Record<string, string | number> {
  return { 'content-length': total - start, 'content-range': `bytes ${start}-${total - 1}/${total}` };
}
