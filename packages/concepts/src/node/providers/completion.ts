import { z } from 'zod';
import { ConceptError } from '../../errors.js';
import type { ProviderReply } from '../../generation/provider.js';
import { printable } from '../../printable.js';

const count = z.number().int().min(0);

/** What is read of a chat completion; a server may add what it likes. */
const completion = z.object({
  model: z.string().min(1).max(200),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});

/**
 * The reply in a chat completion, each text of it as `hide` leaves it.
 * @throws ConceptError `malformed-reply` (no completion), `refused` (the model declines), `filtered-reply`, `truncated-reply`
 */
export function replyOf(answer: unknown, hide: (text: string) => string): ProviderReply {
  const parsed = completion.safeParse(answer);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || choice === undefined)
    throw refusal(
      'malformed-reply',
      'the server answers with something else than a chat completion',
      'See whether the base URL is that of a server that speaks Chat Completions; it usually ends in /v1.',
    );
  const { message, finish_reason: reason } = choice;
  if (message.refusal)
    throw refusal(
      'refused',
      `the model declines: "${printable(hide(message.refusal).slice(0, 200))}"`,
      'Ask another model, or write the texts by hand.',
    );
  if (reason === 'content_filter')
    throw refusal('filtered-reply', "the server's filter withheld the reply", 'Ask another model.');
  if (reason === 'length')
    throw refusal(
      'truncated-reply',
      'the reply was cut at its token limit',
      'Ask for fewer classes at once.',
    );
  const { model, usage } = parsed.data;
  return {
    text: hide(message.content ?? ''),
    model: printable(hide(model)),
    usage: usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : null,
  };
}

function refusal(code: string, message: string, hint: string): ConceptError {
  return new ConceptError(code, message, { kind: 'data', hint });
}
