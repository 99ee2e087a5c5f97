import { ConceptError } from '../../errors.js';

/** Most bytes of a reply, unpacked. */
export const maximumReplyBytes: number = 4 * 1024 * 1024;

const keptHeaders = ['accept', 'authorization', 'content-type'];

/**
 * A `fetch` that reads the whole reply before it returns, so that a time limit holds for the body too; ends at 4 MiB; follows no
 * redirect, which could lead a key astray; and sends no header but the three that matter.
 */
export async function guardedFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const headers = [...new Headers(init.headers)].filter(([name]) => keptHeaders.includes(name));
  const response = await fetch(input, { ...init, headers, redirect: 'manual' });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new ConceptError('redirected', 'the server redirects to another address', {
      kind: 'usage',
      hint: 'Give the base URL that it redirects to.',
    });
  }
  const body = await readBody(response, init.signal ?? null);
  const { status, statusText } = response;
  return new Response(body, { status, statusText, headers: response.headers });
}

async function readBody({ body }: Response, signal: AbortSignal | null): Promise<Blob | null> {
  if (body === null) return null;
  const reader = body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let bytes = 0; bytes <= maximumReplyBytes; ) {
    const { value } = await reader.read().catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw cutOff();
    });
    if (value === undefined) return bytes === 0 ? null : new Blob(pieces);
    pieces.push(value);
    bytes += value.length;
  }
  await reader.cancel();
  throw tooLarge();
}

function cutOff(): ConceptError {
  return new ConceptError('reply-cut-off', 'the connection ended in the middle of the reply', {
    kind: 'resource',
    hint: 'Ask again.',
  });
}

function tooLarge(): ConceptError {
  return new ConceptError('reply-too-large', `the reply has more than ${maximumReplyBytes} bytes`, {
    kind: 'data',
    hint: 'See whether the base URL is that of a model server.',
  });
}
