import { ConceptError } from '../../errors.js';

/** Where OpenAI itself answers. */
export const openAiUrl = 'https://api.openai.com/v1';

/**
 * The address of a server as it may be used: https, or http on this machine, or any http where the user said so.
 * @throws ConceptError `invalid-url`, `insecure-url`
 */
export function checkBaseUrl(text: string, allowInsecure: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw usage('invalid-url', 'the base URL is no http or https address', `Give one such as ${openAiUrl}.`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw usage(
      'invalid-url',
      `the base URL of ${url.host} holds a user, a password, a query or a fragment`,
      'Leave it out: a key comes from an environment variable, see --key-variable.',
    );
  if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url.hostname))
    throw usage(
      'insecure-url',
      `${url.origin} is neither https nor on this machine`,
      "Use https, or add --allow-insecure-url for a server on your hospital's own network.",
    );
  return url.href.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function usage(code: string, message: string, hint: string): ConceptError {
  return new ConceptError(code, message, { kind: 'usage', hint });
}
