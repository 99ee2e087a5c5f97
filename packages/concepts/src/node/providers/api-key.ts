import { ConceptError } from '../../errors.js';
import { openAiUrl } from './base-url.js';

/** The variable that OpenAI's own server takes its key from. */
const openAiVariable = 'OPENAI_API_KEY';

/**
 * The key for a server, from an environment variable and from nowhere else: `OPENAI_API_KEY` for OpenAI, and none for another server
 * unless a variable is named, so that no server gets a key that was meant for another.
 * @throws ConceptError `invalid-key-variable`, `no-key`, `invalid-key`; none of them says what was in a variable.
 */
export function readKey(
  baseUrl: string,
  variable: string | undefined,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const name = variable ?? (baseUrl === openAiUrl ? openAiVariable : undefined);
  if (name === undefined) return undefined;
  // Someone may have typed the key itself: it must not be repeated.
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name))
    throw usage(
      'invalid-key-variable',
      'what was given is no name of an environment variable',
      'Put the key in a variable and give its name, e.g. --key-variable HOSPITAL_LLM_KEY.',
    );
  const key = environment[name]?.trim();
  if (!key)
    throw usage(
      'no-key',
      `the environment variable ${name} is not set`,
      `Set ${name} to the key of ${baseUrl}.`,
    );
  if (!/^[\x21-\x7e]+$/.test(key))
    throw usage('invalid-key', `${name} holds characters that no key has`, `Set ${name} to the key alone.`);
  return key;
}

/** A text without the key: a server may repeat what it was sent, and what it says is shown and stored. */
export function hideKey(text: string, key: string | undefined): string {
  return key === undefined ? text : text.replaceAll(key, '[key]');
}

function usage(code: string, message: string, hint: string): ConceptError {
  return new ConceptError(code, message, { kind: 'usage', hint });
}
