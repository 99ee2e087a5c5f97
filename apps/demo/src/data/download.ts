import { open, stat } from 'node:fs/promises';
import { Deadline } from './deadline.js';
import { brokenRange, cutOff, refused, silent, stalled, tooLarge, unreachable } from './download-errors.js';
import type { Patience } from './hippocampus-archive.js';

export interface DownloadOptions {
  readonly url: string;
  /** Bytes that it already holds are kept, and the rest is asked for. */
  readonly file: string;
  readonly maximumBytes: number;
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams a file from an HTTP server to disk, going on where an earlier attempt ended if the server can (RFC
 * 9110 section 14).
 * @throws DemoError `mirror-unreachable`, `mirror-refused`, `mirror-busy`, `download-cut`, `part-stale`,
 * `download-too-large`; the caller's abort reason.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const deadline = new Deadline(options.signal);
  try {
    const held = await sizeOf(options.file);
    const response = await ask(options, held, deadline);
    const start = startOf(response, held, options.url);
    await save(response, start, options, deadline);
  } finally {
    deadline.close();
  }
}

async function ask(options: DownloadOptions, held: number, deadline: Deadline): Promise<Response> {
  const { url, patience } = options;
  deadline.allow(patience.answer, () => silent(url, patience.answer));
  const headers = { 'accept-encoding': 'identity', ...(held > 0 ? { range: `bytes=${held}-` } : {}) };
  try {
    return await fetch(url, { headers, signal: deadline.signal });
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : unreachable(url, error);
  }
}

/** The place in the file at which the answer begins. */
function startOf(response: Response, held: number, url: string): number {
  if (response.status === 200) return 0;
  if (response.status === 416) throw brokenRange(url);
  if (response.status !== 206) throw refused(url, response.status);
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (held === 0 || Number(start) !== held) throw brokenRange(url);
  return held;
}

async function save(
  response: Response,
  start: number,
  options: DownloadOptions,
  deadline: Deadline,
): Promise<void> {
  const { url, maximumBytes } = options;
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (start + announced > maximumBytes) throw tooLarge(url, start + announced, maximumBytes);
  const file = await open(options.file, start > 0 ? 'a' : 'w');
  try {
    let size = start;
    for await (const piece of pieces(response, options, deadline)) {
      size += piece.length;
      if (size > maximumBytes) throw tooLarge(url, size, maximumBytes);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
}

async function* pieces(
  response: Response,
  { url, patience }: DownloadOptions,
  deadline: Deadline,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  for (;;) {
    deadline.allow(patience.piece, () => stalled(url, patience.piece));
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw deadline.signal.aborted ? deadline.signal.reason : cutOff(url, error);
    });
    if (done) return;
    yield value;
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.size ?? 0;
}
