import { ConceptError } from '../errors.js';
import { forbiddenContent, maximumCharacters } from '../lint/plain-text-rule.js';
import { printable } from '../printable.js';
import { type ConceptTexts, maximumReplyCharacters } from '../schema.js';
import { SLOTS, type SlotKey } from '../slots.js';
import { type RepliedClass, replySchema } from './reply-schema.js';
import type { ConceptRequest } from './request.js';
import { titleOf } from './title.js';

/**
 * The six texts of every class from a model's reply, in the order of the request. Nothing in the reply is believed: it must have the
 * form that was asked for, name the same classes, and hold plain prose within the limits of the lint.
 * @throws ConceptError `empty-reply`, `reply-too-large`, `malformed-reply` (not JSON), `invalid-reply` (another form or other classes),
 * `hostile-reply` (links, markup, control characters, identifiers or instructions in a text)
 */
export function readReply(reply: string, request: ConceptRequest): ConceptTexts[] {
  const replied = parse(reply);
  const byName = new Map(replied.map((each) => [each.name.toLowerCase(), each]));
  const missing = request.classes.find((name) => !byName.has(name.toLowerCase()));
  if (missing !== undefined) throw invalid(`it says nothing of "${missing}"`);
  if (replied.length !== request.classes.length)
    throw invalid(`it has ${replied.length} classes, ${request.classes.length} were asked for`);
  return request.classes.map((name) => textsOf(byName.get(name.toLowerCase()), name, request));
}

function parse(reply: string): RepliedClass[] {
  if (reply.trim() === '')
    throw refusal('empty-reply', 'the reply is empty', 'Ask again, or ask another model.');
  if (reply.length > maximumReplyCharacters)
    throw refusal(
      'reply-too-large',
      `the reply has ${reply.length} characters, more than ${maximumReplyCharacters}`,
      'Ask another model.',
    );
  const parsed = replySchema.safeParse(parseJson(reply));
  if (parsed.success) return parsed.data.classes;
  const [issue] = parsed.error.issues;
  throw invalid(printable(`${issue?.path.join('.') || 'the reply'}: ${issue?.message}`.slice(0, 200)));
}

function parseJson(reply: string): unknown {
  try {
    return JSON.parse(reply);
  } catch {
    const start = printable(reply.trim().slice(0, 40));
    throw refusal(
      'malformed-reply',
      `the reply is not JSON; it begins with "${start}"`,
      'Ask again, or ask a model whose server supports structured output.',
    );
  }
}

function textsOf(
  replied: RepliedClass | undefined,
  name: string,
  { modality }: ConceptRequest,
): ConceptTexts {
  if (replied === undefined) throw invalid(`it says nothing of "${name}"`);
  const title = titleOf(name, modality);
  if (replied.title.trim().toLowerCase() !== title.toLowerCase())
    throw invalid(`the title of "${name}" is not the one that was asked for`);
  const texts = SLOTS.map(({ key }): [SlotKey, string] => {
    const text = key === 'title' ? title : replied[key].trim();
    refuseHostile(text, `${name}, ${key}`);
    return [key, text];
  });
  return Object.fromEntries(texts) as ConceptTexts;
}

function refuseHostile(text: string, place: string): void {
  if (text === '') throw invalid(`${place}: is empty`);
  const length = [...text].length;
  if (length > maximumCharacters)
    throw invalid(`${place}: has ${length} characters, more than ${maximumCharacters}`);
  const what = forbiddenContent(text)[0] ?? strangeCharacter(text);
  if (what !== undefined)
    throw refusal(
      'hostile-reply',
      `${place}: the reply holds ${what}`,
      'Nothing was kept of it. Ask another model.',
    );
}

/** Prose about anatomy needs letters of one alphabet, digits and plain punctuation; code, and letters that pass for others, need more. */
function strangeCharacter(text: string): string | undefined {
  const [found] =
    /[^\p{Script=Latin}\p{N} .,;:'\u2019"\u201C\u201D()/%+\u2013\u2014\u00B0\u00B5\u00D7-]/u.exec(text) ?? [];
  return found === undefined
    ? undefined
    : `the character "${printable(found)}", which plain English needs not`;
}

function invalid(problem: string): ConceptError {
  return refusal(
    'invalid-reply',
    `the reply is not what was asked for: ${problem}`,
    'Ask again, or ask a model whose server supports structured output.',
  );
}

function refusal(code: string, message: string, hint: string): ConceptError {
  return new ConceptError(code, message, { kind: 'data', hint });
}
