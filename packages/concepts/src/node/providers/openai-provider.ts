import type { ConceptProvider, ProviderReply, ProviderRequest } from '../../generation/provider.js';
import { hideKey, readKey } from './api-key.js';
import { checkBaseUrl, openAiUrl } from './base-url.js';
import { replyOf } from './completion.js';
import { guardedFetch } from './guarded-fetch.js';
import { failureOf } from './openai-faults.js';
import { type Attempt, retry, type Wait, waitByClock } from './retry.js';

/** Where OpenAI, or a server that speaks its Chat Completions, is and how it is asked. */
export interface OpenAiProviderOptions {
  /** Default OpenAI's own; https, or http on this machine. */
  readonly baseUrl?: string | undefined;
  /** Accept http to another machine. */
  readonly allowInsecureUrl?: boolean | undefined;
  /** Name of the environment variable that holds the key; default `OPENAI_API_KEY` for OpenAI and none for another server. */
  readonly keyVariable?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  /** Seconds until an attempt is given up, body included; default 60. */
  readonly timeoutSeconds?: number;
  /** How often a request may be sent in all; default 3. */
  readonly attempts?: number;
  readonly wait?: Wait;
}

/**
 * OpenAI or a server that speaks its Chat Completions, through the `openai` package. The key is read when a request is sent.
 * @throws ConceptError `invalid-url`, `insecure-url`
 */
export function openAiProvider(options: OpenAiProviderOptions = {}): ConceptProvider {
  const { allowInsecureUrl = false, attempts = 3, wait = waitByClock } = options;
  const baseUrl = checkBaseUrl(options.baseUrl ?? openAiUrl, allowInsecureUrl);
  return {
    name: `openai ${baseUrl}`,
    attempts,
    complete: async (request) => {
      const send = await connect(baseUrl, options);
      return retry(() => send(request), attempts, wait, request.signal);
    },
  };
}

type Send = (request: ProviderRequest) => Promise<Attempt<ProviderReply>>;

async function connect(baseUrl: string, options: OpenAiProviderOptions): Promise<Send> {
  const { keyVariable, environment = process.env, timeoutSeconds = 60 } = options;
  const key = readKey(baseUrl, keyVariable, environment);
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: key ?? 'none',
    // What is not named here the client would take from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: timeoutSeconds * 1000,
    fetch: guardedFetch,
    ...(key === undefined && { defaultHeaders: { Authorization: null } }),
  });
  return async ({ model, messages, schema, maximumTokens, signal }) => {
    signal?.throwIfAborted();
    const asked = client.chat.completions.create(
      {
        model,
        messages: [...messages],
        temperature: 0,
        max_completion_tokens: maximumTokens,
        response_format: { type: 'json_schema', json_schema: { name: 'concepts', strict: true, schema } },
      },
      { signal: signal ?? null },
    );
    return asked.then(
      (answer) => ({ value: replyOf(answer, (text) => hideKey(text, key)) }),
      (thrown: unknown) => {
        signal?.throwIfAborted();
        return failureOf(thrown, OpenAI, { baseUrl, key, timeoutSeconds });
      },
    );
  };
}
