import { ConceptError } from '../../errors.js';
import { printable } from '../../printable.js';
import { type ReviewResult, review } from '../review.js';
import { today } from './today.js';

/** The command `review`. */
export async function runReview(file: string, reviewer: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new ConceptError('no-terminal', 'review asks a person, and there is no terminal', {
      kind: 'usage',
      hint: 'Run it in a terminal.',
    });
  // Imported here, so that the other commands load no prompts.
  const { askAtTerminal } = await import('./ask-at-terminal.js');
  const result = await review({ file, reviewer, date: today(), ask: (question) => askAtTerminal(question) });
  process.stdout.write(`${outcome(result, file)}\n`);
}

function outcome({ set, edited, rejected, stopped }: ReviewResult, file: string): string {
  const edits = `${edited} edited`;
  if (stopped) return `${file}: stopped, not signed; ${edits}`;
  if (rejected.length > 0) {
    const places = rejected.map((each) => `${each.class}, ${each.slot}: ${each.reason}`).join('; ');
    return printable(`${file}: not signed; ${edits}, ${rejected.length} rejected: ${places}`);
  }
  return printable(`${file}: signed by ${set.review?.reviewer} on ${set.review?.date}; ${edits}`);
}
