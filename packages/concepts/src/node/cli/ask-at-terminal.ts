import input from '@inquirer/input';
import select from '@inquirer/select';
import { maximumCharacters } from '../../lint/plain-text-rule.js';
import { printable } from '../../printable.js';
import type { ReviewAnswer, ReviewQuestion } from '../review.js';
import { isLeft } from './confirm.js';
import { findingLine } from './wording.js';

const choices = [
  { name: 'accept', value: 'accept' },
  { name: 'edit', value: 'edit' },
  { name: 'reject', value: 'reject' },
  { name: 'stop here, sign nothing', value: 'stop' },
] as const;

/** Where a person reads and types. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Shows a text and asks what to do with it; Ctrl-C stops the review. */
export async function askAtTerminal(
  question: ReviewQuestion,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<ReviewAnswer> {
  terminal.output.write(`${questionLines(question).join('\n')}\n`);
  try {
    const verdict = await select({ message: 'Is it true, and clear?', choices }, terminal);
    if (verdict === 'edit') return { verdict, text: await editedText(question.text, terminal) };
    if (verdict === 'reject') return { verdict, reason: await reason(terminal) };
    return { verdict };
  } catch (error) {
    if (isLeft(error)) return { verdict: 'stop' };
    throw error;
  }
}

function questionLines({
  number,
  total,
  class: name,
  slot,
  text,
  findings,
  rejected,
}: ReviewQuestion): string[] {
  return [
    '',
    `${number}/${total}  ${name}, ${slot}`,
    `  ${printable(text)}`,
    ...findings.map((finding) => `  ${findingLine(finding)}`),
    ...(rejected === null ? [] : [`  rejected the last time: ${printable(rejected)}`]),
  ];
}

function editedText(text: string, terminal: Terminal): Promise<string> {
  const validate = (value: string) =>
    [...value].length <= maximumCharacters || `at most ${maximumCharacters} characters`;
  const options = { message: 'New text:', default: text, prefill: 'editable', validate } as const;
  return input(options, terminal);
}

function reason(terminal: Terminal): Promise<string> {
  const validate = (value: string) =>
    (value.trim() !== '' && value.length <= 1000) || 'Say why, in at most 1000 characters.';
  return input({ message: 'Why?', validate }, terminal);
}
