import type OpenAI from 'openai';
import { ConceptError, type ErrorKind } from '../../errors.js';
import { printable } from '../../printable.js';
import { hideKey } from './api-key.js';
import type { Failure } from './retry.js';
import { retryAfter } from './retry-after.js';

/** What the faults of a server are told with: its address, and the key that must not be repeated. */
export interface FaultContext {
  readonly baseUrl: string;
  readonly key: string | undefined;
  readonly timeoutSeconds: number;
}

/** The errors of the client by their class; passed in, because the client is loaded only where it is used. */
export type ClientErrors = Pick<
  typeof OpenAI,
  'APIConnectionError' | 'APIConnectionTimeoutError' | 'APIError'
>;

/**
 * What a failed attempt means. The client's own error is not kept as the cause: it holds what a server said, which may be anything,
 * the key it was sent included. What the client did not throw on purpose is thrown on.
 */
export function failureOf(thrown: unknown, errors: ClientErrors, context: FaultContext): Failure {
  if (thrown instanceof errors.APIConnectionTimeoutError) return timedOut(context);
  if (thrown instanceof errors.APIConnectionError) return unconnected(thrown, context);
  if (thrown instanceof errors.APIError && thrown.status !== undefined)
    return answered(thrown.status, thrown, context);
  if (!(thrown instanceof SyntaxError)) throw thrown;
  return failure('malformed-reply', `${context.baseUrl} answers with something else than a completion`, {
    kind: 'data',
    hint: 'See whether the base URL is that of a server that speaks Chat Completions; it usually ends in /v1.',
  });
}

function timedOut({ baseUrl, timeoutSeconds }: FaultContext): Failure {
  const message = `${baseUrl} has not answered within ${timeoutSeconds} s`;
  return failure(
    'timed-out',
    message,
    { kind: 'resource', hint: 'Ask again, or ask for fewer classes.' },
    true,
  );
}

/** The reason lies in the cause: our own refusal of a reply, or what the network said. */
function unconnected(thrown: Error, { baseUrl }: FaultContext): Failure {
  for (let cause: unknown = thrown.cause; cause instanceof Error; cause = cause.cause) {
    if (ConceptError.isInstance(cause)) {
      const { code, message, kind, hint } = cause;
      return failure(code, `${baseUrl}: ${message}`, { kind, hint }, code === 'reply-cut-off');
    }
    if ('code' in cause) {
      const message = `${baseUrl} cannot be reached (${printable(String(cause.code))})`;
      return failure('unreachable', message, reachHint, true);
    }
  }
  return failure('unreachable', `${baseUrl} cannot be reached`, reachHint, true);
}

const reachHint = {
  kind: 'resource',
  hint: 'See whether the address is right, the server runs and the network lets you through.',
} as const;

function answered(
  status: number,
  thrown: InstanceType<ClientErrors['APIError']>,
  context: FaultContext,
): Failure {
  const { code, kind, hint, mayRetry } = meaningOf(status, String(thrown.code ?? ''));
  const said = quote(thrown.message, context.key);
  const after = retryAfter(thrown.headers ?? new Headers());
  const later = after === null ? '' : ` It asks to wait ${Math.ceil(after / 1000)} s.`;
  const error = new ConceptError(code, `${context.baseUrl} answers ${status}: ${said}`, {
    kind,
    hint: hint + later,
  });
  return { error, mayRetry, retryAfter: after };
}

interface Meaning {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly mayRetry: boolean;
}

function meaningOf(status: number, code: string): Meaning {
  if (status === 401 || status === 403)
    return {
      code: 'unauthorised',
      kind: 'usage',
      hint: 'Set the right key in the environment.',
      mayRetry: false,
    };
  if (status === 429 && code === 'insufficient_quota')
    return {
      code: 'no-quota',
      kind: 'resource',
      hint: 'Top up the account that the key belongs to.',
      mayRetry: false,
    };
  if (status === 429)
    return { code: 'rate-limited', kind: 'resource', hint: 'Ask again later.', mayRetry: true };
  if (status >= 500 || status === 408)
    return { code: 'server-error', kind: 'resource', hint: 'Ask again later.', mayRetry: true };
  const hint =
    'See whether the model exists there and supports structured output (response_format json_schema).';
  return { code: 'refused-request', kind: 'usage', hint, mayRetry: false };
}

/** What a server said, as far as it can be shown: one line, short, and without the key. */
function quote(text: string, key: string | undefined): string {
  return printable(hideKey(text, key).replace(/\s+/g, ' ').slice(0, 200));
}

function failure(
  code: string,
  message: string,
  details: { kind: ErrorKind; hint: string },
  mayRetry = false,
): Failure {
  return { error: new ConceptError(code, message, details), mayRetry, retryAfter: null };
}
