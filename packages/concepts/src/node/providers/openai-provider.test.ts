import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConceptError } from '../../errors.js';
import { planGeneration } from '../../generation/plan.js';
import { type Answer, ChatServer, completion, fault, json } from '../__fixtures__/chat-server.js';
import { maximumReplyBytes } from './guarded-fetch.js';
import { type OpenAiProviderOptions, openAiProvider } from './openai-provider.js';
import { retryAfter } from './retry-after.js';

const key = 'canary-key-5f2d';
const { request } = planGeneration({ modality: 'CT', classes: ['aorta'] }, 'gpt-4o', { attempts: 1 });

let server: ChatServer;
const waits: number[] = [];
beforeAll(async () => {
  server = await ChatServer.start();
});
afterAll(() => server.stop());

function provider(options: OpenAiProviderOptions = {}) {
  waits.length = 0;
  return openAiProvider({
    baseUrl: server.url,
    keyVariable: 'TEST_KEY',
    environment: { TEST_KEY: key },
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    ...options,
  });
}

async function failure(answers: Answer[], options: OpenAiProviderOptions = {}): Promise<ConceptError> {
  server.willAnswer(...answers);
  const thrown = await provider(options)
    .complete(request)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (!ConceptError.isInstance(thrown)) throw thrown ?? new Error('was answered');
  expect(thrown.message).not.toMatch(/\n/);
  expect(thrown.hint).not.toBe('');
  expect(inspect(thrown, { depth: 20, showHidden: true })).not.toContain(key);
  return thrown;
}

describe('a request', () => {
  it('is one plain Chat Completions call with the schema, and no header that tells of this machine', async () => {
    server.willAnswer(json(200, completion('{"a":1}')));
    expect(await provider().complete(request)).toEqual({
      text: '{"a":1}',
      model: 'gpt-4o-2024-08-06',
      usage: { input: 321, output: 654 },
    });
    const [received, ...more] = server.received;
    expect(more).toEqual([]);
    expect(received).toMatchObject({ method: 'POST', url: '/v1/chat/completions' });
    expect(received?.headers['authorization']).toBe(`Bearer ${key}`);
    expect(Object.keys(received?.headers ?? {}).filter((name) => /stainless|openai/.test(name))).toEqual([]);
    expect(received?.body).toEqual({
      model: 'gpt-4o',
      messages: request.messages,
      temperature: 0,
      max_completion_tokens: 1000,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'concepts', strict: true, schema: request.schema },
      },
    });
  });

  it('to another server carries no key that was not named for it', async () => {
    server.willAnswer(json(200, completion('{}')));
    const environment = { OPENAI_API_KEY: key, OPENAI_ADMIN_KEY: key };
    await openAiProvider({ baseUrl: server.url, environment }).complete(request);
    expect(JSON.stringify(server.received)).not.toContain(key);
    expect(server.received[0]?.headers['authorization']).toBeUndefined();
  });

  it('accepts a server that gives no usage', async () => {
    server.willAnswer(json(200, completion('{}', {}, { usage: undefined })));
    expect((await provider().complete(request)).usage).toBeNull();
  });

  it('keeps the key to itself where a server repeats it', async () => {
    server.willAnswer(json(200, completion(`key ${key}`, {}, { model: `m-${key}` })));
    expect(await provider().complete(request)).toMatchObject({ text: 'key [key]', model: 'm-[key]' });
  });
});

describe('answers that are of no use', () => {
  it.each<[string, string, Answer, string]>([
    [
      'a refusal',
      'refused',
      json(200, completion(null, { message: { content: null, refusal: `I cannot, ${key}.` } })),
      'data',
    ],
    ['a filter', 'filtered-reply', json(200, completion('', { finish_reason: 'content_filter' })), 'data'],
    [
      'a cut at the token limit',
      'truncated-reply',
      json(200, completion('{"cla', { finish_reason: 'length' })),
      'data',
    ],
    ['no choices', 'malformed-reply', json(200, completion('', {}, { choices: [] })), 'data'],
    ['another schema', 'malformed-reply', json(200, { candidates: [] }), 'data'],
    ['an error under status 200', 'malformed-reply', json(200, { error: 'x', mayRetry: true }), 'data'],
    ['broken JSON', 'malformed-reply', json(200, '{"choices": ['), 'data'],
    ['an empty body', 'malformed-reply', json(200, ''), 'data'],
    ['a web page', 'malformed-reply', json(200, '<html>', { 'content-type': 'text/html' }), 'data'],
    ['401', 'unauthorised', fault(401, `Incorrect API key provided: ${key}.`, 'invalid_api_key'), 'usage'],
    ['403', 'unauthorised', fault(403, 'no', 'forbidden'), 'usage'],
    ['404', 'refused-request', fault(404, 'The model does not exist', 'model_not_found'), 'usage'],
    ['400', 'refused-request', fault(400, 'temperature', 'unsupported_value'), 'usage'],
    ['an empty account', 'no-quota', fault(429, 'quota', 'insufficient_quota'), 'resource'],
    ['a redirect', 'redirected', json(302, '', { location: 'http://127.0.0.1:9/' }), 'usage'],
    ['a body without end', 'reply-too-large', json(200, 'x'.repeat(maximumReplyBytes + 1)), 'data'],
  ])('%s: %s, and is not asked again', async (_what, code, answer, kind) => {
    expect(await failure([answer])).toMatchObject({ code, kind });
    expect(server.received).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it('what a server says is quoted in one short printable line', async () => {
    const said = `no\n\u001b[2J${'x'.repeat(5000)}`;
    const { message } = await failure([fault(400, said, 'x')]);
    expect(message).toMatch(/answers 400: 400 no/);
    expect(message.length).toBeLessThan(300);
    expect(message).not.toMatch(/\p{Cc}/u);
  });
});

describe('failures that may pass', () => {
  const well = json(200, completion('{}'));
  const cut: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"id":');
    setTimeout(() => response.destroy(), 20);
  };
  const hangUp: Answer = (response) => response.destroy();

  it.each<[string, Answer, number[]]>([
    ['429 with retry-after', fault(429, 'slow down', 'rate_limit_exceeded', { 'retry-after': '7' }), [7000]],
    ['429 with retry-after-ms', fault(429, 'x', 'x', { 'retry-after-ms': '1500' }), [1500]],
    ['429 without', fault(429, 'slow down', 'rate_limit_exceeded'), [500]],
    ['500', fault(500, 'oops', 'server_error'), [500]],
    ['503 with a page', json(503, '<html>', { 'content-type': 'text/html' }), [500]],
    ['a connection cut in the body', cut, [500]],
    ['a connection cut before the answer', hangUp, [500]],
  ])('%s: asks once more after a wait', async (_what, answer, waited) => {
    server.willAnswer(answer, well);
    await provider().complete(request);
    expect(server.received).toHaveLength(2);
    expect(waits).toEqual(waited);
  });

  it.each<[string, string, Answer]>([
    ['rate limits', 'rate-limited', fault(429, 'slow down', 'rate_limit_exceeded')],
    ['server errors', 'server-error', fault(502, 'oops', 'server_error')],
    ['cut replies', 'reply-cut-off', cut],
    ['cut connections', 'unreachable', hangUp],
  ])('%s end after three attempts: %s', async (_what, code, answer) => {
    expect(await failure([answer])).toMatchObject({ code, kind: 'resource' });
    expect(server.received).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
  });

  it('a wait of more than a minute is not waited for, but told', async () => {
    const error = await failure([fault(429, 'later', 'rate_limit_exceeded', { 'retry-after': '61' })]);
    expect(error.code).toBe('rate-limited');
    expect(error.hint).toContain('61 s');
    expect(server.received).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['silence', () => {}],
    [
      'a body that stops',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{');
      },
    ],
  ])('%s is given up after the time limit', async (_what, answer) => {
    const error = await failure([answer], { timeoutSeconds: 0.2, attempts: 2 });
    expect(error).toMatchObject({ code: 'timed-out', kind: 'resource' });
    expect(server.received).toHaveLength(2);
  });

  it('a signal ends it at once, with its own reason', async () => {
    server.willAnswer(() => {});
    const controller = new AbortController();
    const reason = new Error('stopped by a test');
    setTimeout(() => controller.abort(reason), 50);
    await expect(provider().complete({ ...request, signal: controller.signal })).rejects.toBe(reason);
    expect(server.received).toHaveLength(1);
  });

  it('a signal ends a wait by the clock', async () => {
    server.willAnswer(fault(429, 'x', 'x', { 'retry-after': '30' }));
    const controller = new AbortController();
    const reason = new Error('stopped by a test');
    setTimeout(() => controller.abort(reason), 100);
    const asked = openAiProvider({ baseUrl: server.url }).complete({ ...request, signal: controller.signal });
    await expect(asked).rejects.toBe(reason);
  });

  it('a server that is not there is said to be so', async () => {
    const gone = await ChatServer.start();
    const baseUrl = gone.url;
    await gone.stop();
    const error = await failure([well], { baseUrl });
    expect(error).toMatchObject({ code: 'unreachable', kind: 'resource' });
    expect(error.message).toContain('ECONNREFUSED');
  });
});

describe('addresses', () => {
  it.each([
    'https://api.openai.com/v1',
    'https://llm.hospital.example/v1/',
    'http://localhost:8000/v1',
    'http://127.0.0.1:8000/v1',
    'http://127.9.9.9/v1',
    'http://[::1]:8000/v1',
  ])('%s may be used', (baseUrl) => {
    expect(openAiProvider({ baseUrl }).name).toBe(`openai ${baseUrl.replace(/\/$/, '')}`);
  });

  it.each([
    ['http://llm.hospital.example/v1', 'insecure-url'],
    ['http://10.0.0.5:8000/v1', 'insecure-url'],
    ['http://localhost.evil.example/v1', 'insecure-url'],
    ['http://127.0.0.1.evil.example/v1', 'insecure-url'],
    ['http://[::2]/v1', 'insecure-url'],
    ['file:///etc/passwd', 'invalid-url'],
    ['api.openai.com/v1', 'invalid-url'],
    ['', 'invalid-url'],
    ['https://user:secret-word@host/v1', 'invalid-url'],
    ['https://host/v1?key=secret-word', 'invalid-url'],
    ['https://host/v1#secret-word', 'invalid-url'],
  ])('%s may not: %s', (baseUrl, code) => {
    const create = () => openAiProvider({ baseUrl });
    expect(create).toThrow(expect.objectContaining({ code, kind: 'usage' }));
    expect(create).not.toThrow(/secret-word/);
  });

  it('http to another machine is accepted where it was asked for', () => {
    const options = { baseUrl: 'http://10.0.0.5:8000/v1', allowInsecureUrl: true };
    expect(openAiProvider(options).name).toBe('openai http://10.0.0.5:8000/v1');
  });
});

describe('keys', () => {
  it.each([
    ['none set', {}, {}, 'no-key'],
    ['an empty one', {}, { OPENAI_API_KEY: ' ' }, 'no-key'],
    ['one with a line break', {}, { OPENAI_API_KEY: `${key}\nx` }, 'invalid-key'],
    ['the key typed for its variable', { keyVariable: key }, {}, 'invalid-key-variable'],
    ['a variable that is not set', { keyVariable: 'NOT_SET' }, { OPENAI_API_KEY: key }, 'no-key'],
  ])('%s: refused before anything is sent, and not repeated', async (_what, options, environment, code) => {
    const asked = openAiProvider({ ...options, environment }).complete(request);
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, kind: 'usage' });
    expect(inspect(error, { depth: 20 })).not.toContain(key);
  });

  it('are in no property of a provider', () => {
    expect(inspect(provider(), { depth: 20, showHidden: true })).not.toContain(key);
    expect(JSON.stringify(provider())).not.toContain(key);
  });
});

describe('retryAfter', () => {
  it.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '2', 'retry-after-ms': '3' }, 3],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:27:00 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT' }, null],
  ])('%o is %s', (headers, expected) => {
    expect(retryAfter(new Headers(headers))).toBe(expected);
  });
});
